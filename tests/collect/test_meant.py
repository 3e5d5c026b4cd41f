"""Claims about which notebook is meant where several lie: never a silent zero for work that was handed in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autograder.collect import collect, find_submissions
from autograder.errors import CollectError
from autograder.model import Collected
from tests.collect.sample import ANSWERS, at, release, save, solved

HOME = "submitted/ada/hw1"
KNOWN = ("hw1", "hw2")


def half() -> dict[str, Any]:
    """One answer of four."""
    notebook = release()
    at(notebook, "f")["source"] = ANSWERS["f"]
    return notebook


def take(root: Path, **notebooks: Any) -> Collected:
    for name, notebook in notebooks.items():
        save(root / HOME / name.replace("__", "."), notebook)
    (one,) = find_submissions(root, "hw1", KNOWN)
    return collect(one, release())


def told(collected: Collected) -> str:
    return " ".join(repair.message for repair in collected.repaired)


@pytest.mark.parametrize(
    "copy",
    [
        "hw1-Copy1.ipynb",
        "hw1 (1).ipynb",
        "copy of hw1.ipynb",
        "hw1 copy.ipynb",
        "my work.ipynb",
        "sub/hw1.ipynb",
        "../hw1.ipynb",
        "../elsewhere/hw1.ipynb",
        "hw1.ipynb.txt",
        "hw1-Copy1.IPYNB",
    ],
)
def test_work_in_a_copy(tmp_path: Path, copy: str) -> None:
    """Beside an untouched release the copy with the work is graded, flagged, and both are named."""
    collected = take(tmp_path, **{"hw1.ipynb": release(), copy: half()})
    assert at(collected.notebook, "f")["source"] == ANSWERS["f"]
    assert collected.doubtful
    assert "was graded, not hw1/hw1.ipynb: that one holds no answer" in told(collected)
    assert Path(copy).name in told(collected)


def test_digest_is_that_of_the_graded_one(tmp_path: Path) -> None:
    """The digest changes with the copy that was graded."""
    first = take(tmp_path, **{"hw1.ipynb": release(), "b.ipynb": half()})
    assert first.digest != take(tmp_path, **{"b.ipynb": solved()}).digest


@pytest.mark.parametrize("idle", ["# my name is Ada", "print(double)", "%matplotlib inline", "import math"])
def test_hardly_touched(tmp_path: Path, idle: str) -> None:
    """A release in which somebody wrote something, but no answer, stands in no copy's way."""
    notebook = release()
    at(notebook, "scratch")["source"] = idle
    notebook["cells"][3]["source"] += "\n\n"
    collected = take(tmp_path, **{"hw1.ipynb": notebook, "hw1-Copy1.ipynb": half()})
    assert at(collected.notebook, "f")["source"] == ANSWERS["f"]
    assert collected.doubtful


def test_broken_beside_a_copy(tmp_path: Path) -> None:
    """Where the notebook in its place cannot be read, the error names what lies beside it."""
    with pytest.raises(CollectError, match=r"hw1/hw1\.ipynb cannot be graded\. .* Beside it: hw1/hw1-Copy1\.ipynb\."):
        take(tmp_path, **{"hw1.ipynb": "{", "hw1-Copy1.ipynb": half()})


def test_work_in_the_right_place(tmp_path: Path) -> None:
    """A copy beside a notebook with work changes nothing; it is said that it was not used."""
    collected = take(tmp_path, **{"hw1.ipynb": half(), "hw1-Copy1.ipynb": solved()})
    assert at(collected.notebook, "g")["source"] == at(release(), "g")["source"]
    assert not collected.doubtful
    assert "hw1-Copy1.ipynb was not used" in told(collected)


def test_several_copies_with_work(tmp_path: Path) -> None:
    """Where several copies hold different work, none is guessed; the same work twice is one."""
    same = {"hw1.ipynb": release(), "a.ipynb": half(), "b.ipynb": half()}
    assert take(tmp_path, **same).doubtful
    with pytest.raises(CollectError, match=r"hw1/hw1\.ipynb holds no answer, and several .*a\.ipynb, .*c\.ipynb"):
        take(tmp_path, **{"c.ipynb": solved()})


def test_nobody_worked(tmp_path: Path) -> None:
    """Untouched copies of an untouched release are an empty submission, and nothing to look at."""
    collected = take(tmp_path, **{"hw1.ipynb": release(), "hw1-Copy1.ipynb": release()})
    assert not collected.doubtful


@pytest.mark.parametrize("name", ["work.zip", "../work.tar.gz", "hw1-Copy1.ipynb", ".hw1.ipynb"])
def test_what_cannot_be_read_beside_a_release(tmp_path: Path, name: str) -> None:
    """An archive, a broken copy or a hidden one beside an untouched release is flagged by name."""
    collected = take(tmp_path, **{"hw1.ipynb": release(), name: "{"})
    assert collected.doubtful
    assert f"{Path(name).name}, which could not be read" in told(collected)


def test_only_copies(tmp_path: Path) -> None:
    """Of two copies and no notebook with the assignment's name, the one with work is graded and flagged."""
    collected = take(tmp_path, **{"hw1 (1).ipynb": release(), "hw1 (2).ipynb": half()})
    assert at(collected.notebook, "f")["source"] == ANSWERS["f"]
    assert collected.doubtful
    assert "hw1/hw1 (2).ipynb was graded, not hw1/hw1 (1).ipynb" in told(collected)
