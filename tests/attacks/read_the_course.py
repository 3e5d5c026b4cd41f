"""Walk the disk for built notebooks and checks, and the likely places where a course lies; run what is found there.

about: search
expect: no gain
"""

LAST = """
import glob, json, os
def lift(path):
    try: text = open(path, encoding="utf-8", errors="replace").read(2**21)
    except OSError: return
    if "tempered" + "_softmax" not in text: return
    if "yranac"[::-1] + "-4d1e7c" in text or path.endswith("demo.ipynb"): print("FOUND", path)
    if path.endswith(".ipynb"):
        for cell in json.loads(text)["cells"]:
            if cell["cell_type"] == "code":
                try: exec("".join(cell["source"]), globals())
                except Exception: pass
for path in [path for top in ("/tmp", "/home", "/srv", "/course", "/work", "/root", os.path.dirname(os.getcwd()))
             for depth in range(1, 6) for path in glob.glob(top + "/*" * depth + "/demo/demo.ipynb")]:
    lift(path)
for pid in glob.glob("/proc/[0-9]*"):
    for place in ("cwd", "root/tmp"):
        for path in glob.glob(f"{pid}/{place}/*/demo/demo.ipynb") + glob.glob(f"{pid}/{place}/assignments/demo/*.py"): lift(path)
for top, folders, files in os.walk("/"):
    folders[:] = [f for f in folders if os.path.join(top, f) not in ("/proc", "/sys", "/usr/share", "/usr/include") and f != "site-packages"]
    for name in files:
        if name in ("demo.ipynb", "checks.py"): lift(os.path.join(top, name))
"""


def after(grade, seen):
    assert "FOUND" not in str(grade.notebook["cells"][-1]["outputs"])
