"""Claims about layouts: whoever can be told apart gets one row for each assignment, and nothing is left out."""

from __future__ import annotations

import copy
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.collect import collect, find_submissions
from autograder.errors import CollectError
from autograder.model import Submission
from tests.collect.sample import KNOWN, RNN, marked, release, save, solved

REGULAR = f"submitted/bob/{RNN}/{RNN}.ipynb"


def plant(root: Path, *names: str, assignment: str = RNN) -> Path:
    """Notebooks of `assignment`; a name that ends in / is an empty folder, one with another suffix some text."""
    for name in names:
        if name.endswith("/"):
            (root / name).mkdir(parents=True, exist_ok=True)
        else:
            save(root / name, marked(assignment) if ".ipynb" in name.lower() else "some text")
    return root


def rows(root: Path, selected: str | None = None) -> dict[tuple[str, str], Submission]:
    found = find_submissions(root, selected, KNOWN)
    keys = Counter((one.student, one.assignment) for one in found)
    assert max(keys.values()) == 1
    return {(one.student, one.assignment): one for one in found}


def state(one: Submission) -> str:
    """graded, or the reason why not."""
    this = {"nbformat": 4, "metadata": {"seq2grade": {"assignment": one.assignment}}, "cells": release()["cells"]}
    try:
        collect(one, this)
    except CollectError as error:
        return str(error)
    return "graded"


@pytest.mark.parametrize("selected", [None, RNN])
@pytest.mark.parametrize(
    "place",
    [
        "ada/my homework.ipynb",
        "ada.ipynb",
        "ada/RNN_Backprop/rnn_backprop.ipynb",
        "ada/rnn-backprop/x.ipynb",
        "ada/Rnn Backprop (1)/x.ipynb",
        "ada/rnn_backprop/rnn_backprop.IPYNB",
        "ada/rnn_backprop.Ipynb",
        "ada/rnn_backprop/rnn_backprop.ipynb.txt",
        "ada/rnn_backprop/rnn_backprop (1).ipynb",
        "ada/rnn_backprop/my.ipynb",
        "ada/rnn_backprop-Copy1.ipynb",
        "ada/homework/final/x.ipynb",
        "ada/rnn_backprop/rnn_backprop/rnn_backprop.ipynb",
        "ada/rnn_backprop/rnn_backprop.ipynb.json",
        "ada/rnn_backprop/work.ipynb (2)",
    ],
)
def test_clear_places(tmp_path: Path, place: str, selected: str | None) -> None:
    """Where it is clear what is meant, the notebook is graded wherever it lies."""
    plant(tmp_path, f"submitted/{place}", REGULAR)
    found = rows(tmp_path, selected)
    assert set(found) == {("ada", RNN), ("bob", RNN)}
    assert [state(one) for one in found.values()] == ["graded", "graded"]
    assert found["ada", RNN].path == tmp_path / "submitted" / place


@pytest.mark.parametrize("selected", [None, RNN])
@pytest.mark.parametrize(
    ("names", "says"),
    [
        (["ada/"], "empty"),
        (["ada/rnn_backprop/"], "empty"),
        (["ada/nothing here.txt"], "nothing here.txt"),
        (["ada/rnn_backprop/answers.pdf", "ada/rnn_backprop/b.py"], "answers.pdf, b.py"),
        (["ada/rnn_backprop/work.zip"], "work.zip"),
        (["ada/work.tar.gz"], "Unpack the archive"),
        (["ada.zip"], "ada.zip is an archive"),
        (["ada/rnn_backprop/.rnn_backprop.ipynb"], ".rnn_backprop.ipynb"),
        (["ada/..x/rnn_backprop.ipynb"], "..x/rnn_backprop.ipynb"),
        (["ada/.ipynb_checkpoints/x-checkpoint.ipynb"], ".ipynb_checkpoints"),
        (["ada/rnn_backprop/", "ada/work.zip"], "work.zip"),
    ],
)
def test_nothing_to_grade(tmp_path: Path, names: list[str], says: str, selected: str | None) -> None:
    """A student without a notebook has one row, which lists what was found."""
    plant(tmp_path, *(f"submitted/{name}" for name in names), REGULAR)
    found = rows(tmp_path, selected)
    assert set(found) == {("ada", RNN), ("bob", RNN)}
    assert says in state(found["ada", RNN])


@pytest.mark.parametrize(
    "names",
    [
        ["ada/a.ipynb", "ada/b.ipynb"],
        ["ada/rnn_backprop/a.ipynb", "ada/rnn_backprop/b.ipynb"],
        ["ada.ipynb", "ada/rnn_backprop/rnn_backprop.ipynb"],
        ["ada/RNN_Backprop/rnn_backprop.ipynb", "ada/Rnn_backprop/rnn_backprop.ipynb"],
    ],
)
def test_two_that_may_be_meant(tmp_path: Path, names: list[str]) -> None:
    """Of two different notebooks none is guessed: one row names both."""
    for number, name in enumerate(names):
        notebook = copy.deepcopy(solved())
        notebook["cells"][3]["source"] += f"  # {number}"
        save(tmp_path / "submitted" / name, notebook)
    plant(tmp_path, REGULAR)
    found = rows(tmp_path, RNN)
    assert set(found) == {("ada", RNN), ("bob", RNN)}
    told = state(found["ada", RNN])
    assert all(name.removeprefix("ada/") in told for name in names), told
    assert state(found["bob", RNN]) == "graded"


def test_two_assignments_under_one_student(tmp_path: Path) -> None:
    """Two assignments without folders are two submissions, by what the notebooks say they are."""
    plant(tmp_path, "submitted/ada/rnn_backprop.ipynb", "submitted/ada/second.ipynb")
    save(tmp_path / "submitted" / "ada" / "second.ipynb", marked("gpt_lm"))
    assert {key: one.path.name for key, one in rows(tmp_path).items()} == {
        ("ada", RNN): "rnn_backprop.ipynb",
        ("ada", "gpt_lm"): "second.ipynb",
    }
    assert set(rows(tmp_path, RNN)) == {("ada", RNN)}


def test_a_notebook_that_tells_nothing(tmp_path: Path) -> None:
    """Scratch work beside a submission is mentioned there, and costs it nothing; alone it is a row that says so."""
    plant(
        tmp_path,
        f"submitted/ada/{RNN}/{RNN}.ipynb",
        "submitted/ada/scratch.ipynb",
        "submitted/bob/scratch.ipynb",
        REGULAR.replace("bob", "cy"),
    )
    for name in ("ada", "bob"):
        save(tmp_path / "submitted" / name / "scratch.ipynb", {"nbformat": 4, "metadata": {}, "cells": [{}]})
    found = rows(tmp_path)
    assert {key[0]: state(one)[:14] for key, one in found.items()} == {
        "ada": "graded",
        "bob": "It cannot be t",
        "cy": "graded",
    }
    assert found["ada", RNN].others == (tmp_path / "submitted" / "ada" / "scratch.ipynb",)


def test_the_wrong_assignment(tmp_path: Path) -> None:
    """The notebook of another assignment is called that, and is not graded as this one."""
    plant(tmp_path, f"submitted/ada/{RNN}/x.ipynb", assignment="gpt_lm")
    plant(tmp_path, "submitted/Bo_77_assignsubmission_file_/x.ipynb", assignment="gpt_lm")
    for node in (notebook := marked("gpt_lm"))["cells"]:  # type: ignore[attr-defined]
        node["metadata"] = {}
    save(tmp_path / "submitted" / "ada" / RNN / "x.ipynb", notebook)
    found = rows(tmp_path, RNN)
    assert "another assignment (gpt_lm)" in state(found["ada", RNN])
    assert "x.ipynb of gpt_lm" in state(found["Bo_77", RNN])


@pytest.mark.parametrize("below", ["export", "rnn_backprop", "submitted"])
def test_moodle(tmp_path: Path, below: str) -> None:
    """Moodle's folders are students, by name and number; the text a student typed in belongs to the same one."""
    plant(
        tmp_path,
        *(
            f"{below}/{name}"
            for name in (
                "Ada Love_11_assignsubmission_file_/x.ipynb",
                "Ada Love_11_assignsubmission_onlinetext_/onlinetext.html",
                "Ada Love_12_assignsubmission_file_/rnn_backprop.ipynb",
                "Bob_13_assignsubmission_onlinetext_/onlinetext.html",
                "Cy_14_assignsubmission_file_/",
                "Dee_15_assignsubmission_file_rnn.ipynb",
            )
        ),
    )
    found = rows(tmp_path / below, RNN)
    assert set(found) == {(f"{name}", RNN) for name in ("Ada Love_11", "Ada Love_12", "Bob_13", "Cy_14", "Dee_15")}
    graded = [name for (name, _), one in found.items() if state(one) == "graded"]
    assert graded == ["Ada Love_11", "Ada Love_12", "Dee_15"]
    assert "onlinetext.html" in state(found["Bob_13", RNN])


GRADESCOPE = """\
submission_101:
  :submitters:
  - :name: Ada Love
    :sid: '4711'
    :email: ada@example.org
  :created_at: 2030-01-02
  :history:
  - :id: 7
    :submitters:
    - :name: Somebody Else
submission_102:
  :submitters:
  - :name: Bob
    :sid: null
    :email: bob@example.org
  - :name: Cy
    :email: ''
"""


@pytest.mark.parametrize("told", [True, False])
def test_gradescope(tmp_path: Path, told: bool) -> None:
    """Gradescope's folders are students; who they are stands in its file, where that lies there."""
    plant(tmp_path, "submission_101/x.ipynb", "submission_102/sub/y.ipynb", "submission_103/")
    if told:
        save(tmp_path / "submission_metadata.yml", GRADESCOPE)
    found = rows(tmp_path, RNN)
    names = {"4711", "bob@example.org+Cy", "submission_103"} if told else {f"submission_{n}" for n in (101, 102, 103)}
    assert {student for student, _ in found} == names
    assert "empty" in state(found["submission_103", RNN])
    assert sum(state(one) == "graded" for one in found.values()) == 2


def test_transposed_and_sections(tmp_path: Path) -> None:
    """Assignment above student, and students in the folders of their sections, are found as well."""
    plant(
        tmp_path,
        f"one/submitted/{RNN}/ada/x.ipynb",
        f"one/submitted/{RNN}/bob.ipynb",
        f"two/{RNN}/ada/x.ipynb",
        f"two/{RNN}/bob/x.ipynb",
        "two/gpt_lm/",
        f"three/submitted/monday/ada/{RNN}/x.ipynb",
        f"three/submitted/monday/bob/{RNN}/x.ipynb",
    )
    for root in ("one", "two", "three"):
        found = rows(tmp_path / root, RNN)
        assert {key for key in found if state(found[key]) == "graded"} == {("ada", RNN), ("bob", RNN)}


def test_nobodys_notebook(tmp_path: Path) -> None:
    """A notebook whose name tells no student is a row of its own, beside those of the students."""
    plant(tmp_path, f"submitted/{RNN}.ipynb", "submitted/gpt_lm/gpt_lm.ipynb", "submitted/.x/y.ipynb", REGULAR)
    found = rows(tmp_path)
    assert {key: bool(one.problem) for key, one in found.items()} == {
        (RNN, ""): True,
        ("gpt_lm", ""): True,
        (".x", ""): True,
        ("bob", RNN): False,
    }


def test_unpacked_archive(tmp_path: Path) -> None:
    """An archive beside the folder that was unpacked from it disturbs nothing, and is mentioned."""
    plant(tmp_path, f"submitted/ada/{RNN}/{RNN}.ipynb", "submitted/ada.zip", "submitted/bob/", "submitted/bob.ipynb")
    found = rows(tmp_path, RNN)
    assert {key: state(one) for key, one in found.items()} == {("ada", RNN): "graded", ("bob", RNN): "graded"}
    assert found["ada", RNN].others == (tmp_path / "submitted" / "ada.zip",)


def test_names_that_look_the_same(tmp_path: Path) -> None:
    """Two folders whose names are shown the same way are one flagged row, not one grade over the other."""
    plant(tmp_path, f"submitted/caf\\xe9/{RNN}/{RNN}.ipynb")
    os.mkdir(os.fsencode(tmp_path / "submitted") + b"/caf\xe9")
    save(Path(os.fsdecode(os.fsencode(tmp_path / "submitted") + b"/caf\xe9")) / RNN / f"{RNN}.ipynb", marked(RNN))
    assert "2 submissions under this name" in state(rows(tmp_path, RNN)["caf\\xe9", RNN])


def test_a_folder_that_cannot_be_opened(tmp_path: Path) -> None:
    """To an ordinary user a closed folder is not an empty one: the row, or the error, says that it is closed."""
    os.chmod(tmp_path, 0o755)
    plant(tmp_path, f"submitted/ada/{RNN}/{RNN}.ipynb", f"submitted/bob/{RNN}/", "shut/")
    for name in ("submitted/ada", f"submitted/bob/{RNN}", "shut"):
        os.chmod(tmp_path / name, 0)
    told = as_ordinary(tmp_path, lambda: [one.problem for one in rows(tmp_path / "submitted", RNN).values()])
    assert "the folder cannot be opened" in told
    assert "rnn_backprop cannot be opened" in told or told.count("the folder cannot be opened") == 2
    assert "empty" not in told
    assert "may not read this folder" in as_ordinary(tmp_path, lambda: rows(tmp_path / "shut", RNN))


def as_ordinary(folder: Path, look: Callable[[], object]) -> str:
    """What `look` returns or raises, in a process that is not root's. Its way to `folder` is opened first."""
    for above in folder.parents[:-2]:
        os.chmod(above, 0o755)
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setresgid(54321, 54321, 54321)
                os.setresuid(54321, 54321, 54321)
            os.write(send, repr(look()).encode())
        except BaseException as error:
            os.write(send, repr(error).encode())
        finally:
            os._exit(0)
    os.close(send)
    os.waitpid(child, 0)
    with os.fdopen(receive, "rb") as stream:
        return stream.read().decode()


@pytest.mark.parametrize(
    ("path", "who"),
    [
        (f"submitted/ada/{RNN}/x.ipynb.txt", "ada"),
        ("submitted/ada/x.IPYNB", "ada"),
        ("any/ada.ipynb", "ada"),
        ("any/ada.IPYNB", "ada"),
        ("Ada_7_assignsubmission_file_/x.ipynb", "Ada_7"),
        ("Ada_7_assignsubmission_file_", "Ada_7"),
        (f"submitted/ada/{RNN.upper()}", "ada"),
        ("any/Ada_7_assignsubmission_file_x.ipynb", "Ada_7"),
    ],
)
def test_one_path(tmp_path: Path, path: str, who: str) -> None:
    """A single notebook, or one student's folder, is the submission of the student whose place it lies in."""
    plant(tmp_path, path if ".ipynb" in path.lower() else f"{path}/x.ipynb")
    (one,) = find_submissions(tmp_path / path, None, KNOWN)
    assert (one.student, one.assignment, state(one)) == (who, RNN, "graded")


def test_too_much_to_look_at(tmp_path: Path) -> None:
    """Thousands of files hide no notebook that lies where it should, and keep no other student waiting."""
    plant(tmp_path, f"submitted/ada/{RNN}/{RNN}.ipynb", REGULAR)
    junk = tmp_path / "submitted" / "ada" / "aaa"
    junk.mkdir()
    for number in range(6000):
        (junk / f"{number}.txt").touch()
    assert [state(one) for one in rows(tmp_path, RNN).values()] == ["graded", "graded"]
