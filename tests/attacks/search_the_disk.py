"""Look through the whole disk, and through likely places, for checks, references, solutions and gradebooks.

about: search
expect: no leak
"""

FIRST = """
import os, glob
word = "yranac"[::-1] + "-4d1e7c"
names = {"checks.py", "gradebook.db", "reference.py", "assignment.toml", "demo.ipynb", "solutions", "submitted", "evaluate.py"}
for top, folders, files in os.walk("/"):
    folders[:] = [f for f in folders if os.path.join(top, f) not in ("/proc", "/usr/share", "/usr/include") and f != "site-packages"]
    for name in names & {*files, *folders}:
        path = os.path.join(top, name)
        try: text = open(path, errors="replace").read() if os.path.isfile(path) else str(os.listdir(path))
        except OSError: continue
        ours = name in ("gradebook.db", "submitted", "solutions") and ("alice" in text or ("chain" in text and "demo" in text))
        print("FOUND" if word in text or ours else "other", path)
for place in ("/tmp/s2g-*/*", "/tmp/*/*", "/root/*", "/work/*/*", "/home/*", "/var/lib/*", "/dev/shm/*", "/proc/*/cwd/*"):
    for path in glob.glob(place):
        if os.path.isdir(path + "/chain") or "mallory" in path or "alice" in path: print("FOUND", path)
"""


def after(grade, seen):
    assert "FOUND" not in str(grade.notebook["cells"][0]["outputs"])
