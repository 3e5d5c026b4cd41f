"""The course's files beside the notebook: there to be read, and not to be changed."""

from __future__ import annotations

from autograder.sandbox.client import Zygote
from autograder.sandbox.execute import KernelRun
from tests.support import BOUNDS, collected

GIVEN = {"rows.csv": b"1,2", "data/deep/words.txt": b"these words"}
ATTACK = """
import os, shutil
def attempt(act, *args):
    try:
        act(*args)
    except OSError:
        return
def write(path):
    with open(path, "w") as file:
        file.write("mine")
for path in ("rows.csv", "data/deep/words.txt"):
    attempt(write, path)
    if TRUSTED:
        continue
    attempt(os.chmod, path, 0o666)
    attempt(write, path)
    attempt(os.unlink, path)
    attempt(os.rename, path, "moved")
    attempt(write, path)
    write("own.txt")
    attempt(os.replace, "own.txt", path)
if not TRUSTED:
    attempt(os.rename, "data", "elsewhere")
    attempt(shutil.rmtree, "data", True)
    attempt(os.chmod, "data", 0o777)
"""
READ = "print(open('rows.csv').read(), open('data/deep/words.txt').read(), open('data/own.txt').read())"
WRITE = """
with open("data/own.txt", "w") as file:
    file.write("own")
with open("made.txt", "w") as file, open("data/deep/made.txt", "w") as other:
    other.write("made")
import os; os.remove("data/deep/made.txt"); os.remove("made.txt"); os.rename("data/own.txt", "data/o"); \
os.rename("data/o", "data/own.txt")
"""


def test_what_is_given_can_be_read_and_not_changed(zygote: Zygote) -> None:
    """Written, moved, removed or put in its place: the course's file stays what it is. Beside it a notebook writes,
    moves and removes what is its own. Where student code runs as the grader, only plain writing is refused."""
    trusted = not zygote.backend.isolates
    notebook = collected(f"TRUSTED = {trusted}" + ATTACK, WRITE, READ).notebook
    run = KernelRun(zygote, BOUNDS, {"data/own.txt": b"own"}, GIVEN)
    try:
        run.start()
        cells = run.run_cells(notebook, frozenset(), 60.0)
    finally:
        run.stop()
    assert [cell.status for cell in cells] == ["ok"] * 3, cells
    assert notebook["cells"][2]["outputs"][0]["text"] == "1,2 these words own\n"
