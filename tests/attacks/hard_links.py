"""Hand in hard links to a file that only the grader can read, under an ordinary name and under a hidden one.

about: search
expect: no leak
"""

import tempfile
from pathlib import Path

SECRET = "only the grader reads this"

FIRST = """
import glob
for path in glob.glob("**/*", recursive=True) + glob.glob(".*/*"):
    try: print("READ", path, open(path).read())
    except OSError: pass
"""


def beside(folder):
    # In the course, on the disk that the submission lies on: a hard link does not lead to another.
    secret = Path(tempfile.mkdtemp(dir=folder.parents[2])) / "secret.txt"
    secret.write_text(SECRET)
    (folder / "..x").mkdir()
    for name in ("notes.txt", "..x/notes.txt"):
        (folder / name).hardlink_to(secret)


def after(grade, seen):
    assert SECRET not in seen
    told = [repair.message for repair in grade.repaired]
    assert any("hard link" in message for message in told)
    assert any("..x" in message for message in told)
