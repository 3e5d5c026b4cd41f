"""Looking through what student code made, and removing it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.sandbox import scratch, trees, usage

DEPTH = 1500  # more than Python lets a function call itself


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Path]:
    """A folder whose deepest part no path reaches, with a file at the bottom."""
    name = "x" * 20
    here = os.open(tmp_path, os.O_RDONLY)
    for folder in ["deep", *[name] * DEPTH]:
        os.mkdir(folder, dir_fd=here)
        inner = os.open(folder, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    with open(os.open("bottom", os.O_WRONLY | os.O_CREAT, dir_fd=here), "wb") as file:
        file.write(bytes(10**6))
    os.close(here)
    yield tmp_path / "deep"
    trees.remove(str(tmp_path / "deep"))  # nobody else could


def test_what_lies_deep_is_counted(deep: Path) -> None:
    """The file at the bottom takes disk wherever it lies, and so does each folder."""
    states = list(trees.below(str(deep)))
    assert len(states) == DEPTH + 1
    assert usage.disk(str(deep)) >= 10**6 + DEPTH * 4096


def test_what_lies_deep_is_removed(deep: Path) -> None:
    """All of it goes, and nothing is raised."""
    scratch.remove(str(deep))
    assert not deep.exists()


def test_folders_that_their_owner_may_not_enter_are_removed(tmp_path: Path) -> None:
    """Student code takes its own rights away; they are its owner's to give back."""
    inner = tmp_path / "locked" / "inner"
    inner.mkdir(parents=True)
    (inner / "file").write_text("x")
    inner.chmod(0)
    inner.parent.chmod(0)
    trees.remove(str(tmp_path / "locked"))
    assert list(tmp_path.iterdir()) == []


def test_links_are_removed_and_not_followed(tmp_path: Path) -> None:
    """What a link points to stays, whether the link is the thing itself or lies in a folder."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").write_text("kept")
    (tmp_path / "theirs" / "inner").mkdir(parents=True)
    (tmp_path / "theirs" / "inner" / "link").symlink_to(tmp_path / "mine")
    (tmp_path / "link").symlink_to(tmp_path / "mine")
    assert len(list(trees.below(str(tmp_path / "theirs")))) == 2
    trees.remove(str(tmp_path / "theirs"))
    trees.remove(str(tmp_path / "link"))
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    assert (tmp_path / "mine" / "file").read_text() == "kept"


def test_a_wide_tree_is_removed(tmp_path: Path) -> None:
    """Many folders with many entries each."""
    for number in range(30):
        (tmp_path / "wide" / str(number) / "a" / "b").mkdir(parents=True)
        for name in ("x", "y"):
            (tmp_path / "wide" / str(number) / "a" / name).touch()
    trees.remove(str(tmp_path / "wide"))
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_there_is_no_error(tmp_path: Path) -> None:
    """Somebody else may have removed it."""
    trees.remove(str(tmp_path / "nothing"))
    assert list(trees.below(str(tmp_path / "nothing"))) == []
