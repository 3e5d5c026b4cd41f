"""Hand in links to files that only the grader can read, and make links inside the sandbox.

about: search
expect: no leak
"""

FIRST = """
import glob, os
os.makedirs("d", exist_ok=True)
for number, target in enumerate(("/etc/shadow", "/root", "/proc/1/root/etc/shadow", "../../../../etc/shadow")):
    os.symlink(target, f"d/link{number}")
for path in ["passwords", *glob.glob("d/*")]:
    try: print("READ", open(path).read() if os.path.isfile(path) else os.listdir(path))
    except OSError: pass
"""


def beside(folder):
    (folder / "passwords").symlink_to("/etc/shadow")
    (folder / "grandparent").symlink_to("../../..")


def after(grade, seen):
    assert "root:" not in str(grade.notebook["cells"][0]["outputs"])
    assert any(repair.kind == "files" for repair in grade.repaired)
