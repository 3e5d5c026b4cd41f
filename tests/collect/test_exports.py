"""Claims about what learning platforms export: each student has one row, whatever the export looks like."""

from __future__ import annotations

import copy
import os
import unicodedata
from pathlib import Path

import pytest

from tests.collect.sample import save, solved
from tests.collect.test_layouts import REGULAR, RNN, marked, plant, rows, state

CANVAS = [
    "ada_4711_80001_rnn_backprop.ipynb",
    "ada_4711_80002_data.csv",
    "bob_LATE_4712_80003_my work-1.ipynb",
    "cy_4713_80004_text.html",
    "dee_4714_80005_work.zip",
]
BLACKBOARD = [
    "HW_1_ada_attempt_2030-01-02-10-11-12_rnn_backprop.ipynb",
    "HW_1_ada_attempt_2030-01-02-10-11-12.txt",
    "HW_1_bob_attempt_2030-01-02-10-11-13_x.ipynb",
    "HW_1_cy_attempt_2030-01-02-10-11-14.txt",
]
GOOGLE = ["Ada Love - rnn_backprop.ipynb", "Bob - Copy of rnn_backprop.ipynb", "Cy - rnn.gdoc"]
SAKAI = [
    "Love, Ada(ada)/Submission attachment(s)/rnn_backprop.ipynb",
    "Love, Ada(ada)/timestamp.txt",
    "Doe, Bob(bob)/Submission attachment(s)/x.ipynb",
    "Roe, Cy(cy)/Submission attachment(s)/",
    "grades.csv",
]
BRIGHTSPACE = [
    "11-9 - Ada Love - Jan 2, 2030 1011 AM/rnn_backprop.ipynb",
    "12-9 - Bob - 2 January, 2030 1011/x.ipynb",
    "13-9 - Cy - Jan 2, 2030 1011 AM/",
    "index.html",
]
TEAMS = [
    "Submitted files/Ada/Homework/Version 1/rnn_backprop.ipynb",
    "Submitted files/Bob/Homework/Version 1/x.ipynb",
    "Submitted files/Cy/",
    "Working files/Ada/Homework/rnn_backprop.ipynb",
]
EXCHANGE = [
    "ada+rnn_backprop+2030-01-02 10:11:12 UTC/x.ipynb",
    "bob+rnn_backprop+2030-01-02 10:11:12 UTC+ab/x.ipynb",
    "cy+rnn_backprop+2030-01-02 10:11:12 UTC/",
]
GITHUB = ["rnn-ada/rnn_backprop.ipynb", "rnn-ada/.git/HEAD", "rnn-bob/src/x.ipynb", "rnn-cy/README.md"]
COURSE = [
    "submitted/ada/rnn_backprop/rnn_backprop.ipynb",
    "submitted/bob/x.ipynb",
    "submitted/cy/",
    "release/rnn_backprop/rnn_backprop.ipynb",
]


@pytest.mark.parametrize("wrapped", ["", "HW 1/", "export/HW 1/"])
@pytest.mark.parametrize(
    ("names", "graded", "told"),
    [
        (CANVAS, ["ada_4711", "bob_4712"], ["cy_4713", "dee_4714"]),
        (BLACKBOARD, ["ada", "bob"], ["cy"]),
        (GOOGLE, ["Ada Love - rnn_backprop", "Bob - Copy of rnn_backprop"], ["Cy - rnn"]),
        (SAKAI, ["Doe, Bob(bob)", "Love, Ada(ada)"], ["Roe, Cy(cy)"]),
        (BRIGHTSPACE, ["11-9 - Ada Love", "12-9 - Bob"], ["13-9 - Cy"]),
        (TEAMS, ["Ada", "Bob"], ["Cy"]),
        (EXCHANGE, ["ada", "bob"], ["cy"]),
        (GITHUB, ["rnn-ada", "rnn-bob"], ["rnn-cy"]),
        (COURSE, ["ada", "bob"], ["cy"]),
    ],
)
def test_platforms(tmp_path: Path, names: list[str], graded: list[str], told: list[str], wrapped: str) -> None:
    """Students of an export, also one that unpacked into a folder of its own, are graded or told of, each once."""
    plant(tmp_path, *(wrapped + name for name in names))
    found = {student: state(one) for (student, _), one in rows(tmp_path, RNN).items()}
    assert sorted(name for name, said in found.items() if said == "graded") == graded
    assert sorted(found.keys() - set(graded)) == told


def test_what_a_platform_wrote_is_not_mentioned(tmp_path: Path) -> None:
    """A receipt beside the work is no news; a file of the student's is."""
    plant(tmp_path / "a", *CANVAS)
    plant(tmp_path / "b", *BLACKBOARD)
    assert [path.name for path in rows(tmp_path / "a", RNN)["ada_4711", RNN].others] == [CANVAS[1]]
    assert rows(tmp_path / "b", RNN)["ada", RNN].others == ()


def test_sections_without_folders_of_assignments(tmp_path: Path) -> None:
    """Students in the folders of their sections are students, also one with nothing."""
    plant(
        tmp_path, "monday/ada/x.ipynb", "monday/bob/y.ipynb", "monday/cy/", "tuesday/dee/x.ipynb", "tuesday/eve/y.ipynb"
    )
    found = {student: state(one) for (student, _), one in rows(tmp_path, RNN).items()}
    assert [name for name, said in found.items() if said == "graded"] == ["ada", "bob", "dee", "eve"]
    assert "empty" in found["cy"]


def test_two_attempts(tmp_path: Path) -> None:
    """Two attempts of one student are one flagged row, whatever the platform adds to their names."""
    for number, name in enumerate(["11-9 - Ada - Jan 2, 2030 1 AM/x.ipynb", "11-9 - Ada - Jan 3, 2030 1 AM/x.ipynb"]):
        notebook = copy.deepcopy(solved())
        notebook["cells"][3]["source"] += f"  # {number}"
        save(tmp_path / name, notebook)
    plant(tmp_path, "12-9 - Bob - Jan 2, 2030 1 AM/x.ipynb")
    found = {student: state(one) for (student, _), one in rows(tmp_path, RNN).items()}
    assert found["12-9 - Bob"] == "graded"
    assert "2 submissions under this name" in found["11-9 - Ada"]


@pytest.mark.parametrize("name", ["ada ", "a\u0301da", "ada\u200b"])
@pytest.mark.parametrize("flat", [True, False])
def test_names_that_cannot_be_told_apart(tmp_path: Path, name: str, flat: bool) -> None:
    """Accents written in two ways, space and signs without a shape make no other student: one flagged row."""
    place = "submitted/{}.ipynb" if flat else f"submitted/{{}}/{RNN}/{RNN}.ipynb"
    plain = unicodedata.normalize("NFC", name).strip().replace("\u200b", "")
    plant(tmp_path, place.format(name), place.format(plain), REGULAR.replace("bob", "cy"))
    found = rows(tmp_path, RNN)
    assert set(found) == {(plain, RNN), ("cy", RNN)}
    assert "2 submissions under this name" in state(found[plain, RNN])


@pytest.mark.parametrize("place", ["ada.ipynb ", "ada/x.ipynb\n", f"ada/{RNN}/{RNN}.ipynb \t"])
def test_space_after_the_suffix(tmp_path: Path, place: str) -> None:
    """A notebook whose name ends in space, which nobody sees, is one."""
    save(tmp_path / "submitted" / place, marked(RNN))
    plant(tmp_path, REGULAR)
    assert [state(one) for one in rows(tmp_path, RNN).values()] == ["graded", "graded"]


@pytest.mark.parametrize("selected", [None, RNN])
def test_links_that_lead_nowhere(tmp_path: Path, selected: str | None) -> None:
    """A link to itself, to another link that leads back, or to nothing is told like any link, and stops nobody."""
    plant(tmp_path, REGULAR, "submitted/fay/", "submitted/" + "rnn_backprop" + 240 * " " + "/")
    for name, target in (("ada", "ada"), ("cy", "dee"), ("dee", "cy"), ("eve", "nowhere"), (f"fay/{RNN}", RNN)):
        os.symlink(target, tmp_path / "submitted" / name)
    found = {student.strip(): state(one) for (student, _), one in rows(tmp_path, selected).items()}
    assert found.pop("bob") == "graded"
    assert all("is a link" in found[name] for name in ("ada", "cy", "dee", "eve", "fay")), found


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    """Where a file cannot even be read, that is why nothing is known of it."""
    plant(tmp_path, "ada.ipynb")
    os.mkfifo(tmp_path / "bob.ipynb")
    assert "is a pipe" in state(rows(tmp_path)["bob", ""])
