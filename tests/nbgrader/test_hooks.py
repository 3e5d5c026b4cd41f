"""Claims about what is done to files before and after nbgrader copies them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.nbgrader import UnreadNotebook, remove_refused, set_aside


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "submitted" / "ann" / "hw1"
    path.mkdir(parents=True)
    (path / "data.csv").write_text("1")
    return path


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}


def test_set_aside(folder: Path) -> None:
    """What is no regular file gets a name that nbgrader passes over; a second time changes nothing."""
    (folder / "a").mkdir()
    (folder / "a" / "link").symlink_to("/etc/hostname")
    os.mkfifo(folder / "pipe")
    assert set_aside(folder) == ("pipe.refused", "a_link.refused")
    assert names(folder) == {"data.csv", "pipe.refused", "a_link.refused"}
    assert set_aside(folder) == ()
    assert (folder / "a_link.refused").readlink() == Path("/etc/hostname")


def test_set_aside_where_the_name_is_taken(folder: Path) -> None:
    """A link whose new name is there already is set aside all the same, and so is one with the longest of names."""
    long = "x" * 250
    for name in ("big", long):
        (folder / name).symlink_to("/etc/hostname")
        (folder / f"{name[:200]}.refused").write_text("mine")
    assert len(set_aside(folder)) == 2
    assert not [path for path in folder.rglob("*") if path.is_symlink() and not path.name.endswith(".refused")]
    assert (folder / "big.refused").read_text() == "mine"


def test_set_aside_hard_links(folder: Path, tmp_path: Path) -> None:
    """A hard link to a file elsewhere is set aside; a file with two names in the submission is not."""
    (tmp_path / "secret").write_text("key")
    (folder / "stolen").hardlink_to(tmp_path / "secret")
    (folder / "twin").hardlink_to(folder / "data.csv")
    assert set_aside(folder) == ("stolen.refused",)
    assert names(folder) == {"data.csv", "twin", "stolen.refused"}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("2030-05-06 07:08:09 UTC", True),
        ("2030-05-06 07:08:09.123456 Europe/Berlin", True),
        ("", True),
        ("\n", True),
        ("half past never", False),
        ("9" * 2000, False),
        ("\xff", False),
        ("99999-01-01 00:00:00 UTC", False),
    ],
)
def test_timestamp(folder: Path, text: str, kept: bool) -> None:
    """A timestamp that nbgrader could not read, which would cost the submission its grade, is set aside."""
    (folder / "timestamp.txt").write_bytes(text.encode("latin-1"))
    assert set_aside(folder) == (() if kept else ("timestamp.txt.refused",))


def test_linked_folder_is_left_alone(folder: Path, tmp_path: Path) -> None:
    """Nothing is renamed in a folder that a submission only points to."""
    (folder / "link").symlink_to("data.csv")
    other = tmp_path / "submitted" / "bob"
    other.symlink_to(folder.parent)
    assert set_aside(other / "hw1") == ()
    assert set_aside(folder) == ("link.refused",)


def test_remove_refused(folder: Path, tmp_path: Path) -> None:
    """Of nbgrader's copies those stay that were accepted, and those that the instructor gave along."""
    copies, source = tmp_path / "autograded", tmp_path / "source"
    (folder / "stolen").symlink_to("/etc/hostname")
    for place in (copies, source):
        (place / "sub").mkdir(parents=True)
        (place / "sub" / "given.csv").write_text("from the instructor")
    for name in ("data.csv", "stolen", ".env", "other.ipynb", "timestamp.txt"):
        (copies / name).write_text("copied")
    (copies / "link").symlink_to(folder / "data.csv")
    (tmp_path / "secret").write_text("key")
    (folder / "hard").hardlink_to(tmp_path / "secret")
    (copies / "hard").write_text("key")
    assert remove_refused(copies, folder, source) == (".env", "hard", "link", "other.ipynb", "stolen")
    assert names(copies) == {"data.csv", "timestamp.txt", "sub/given.csv"}
    assert (folder / "data.csv").exists()


def test_copies_from_a_linked_folder(folder: Path, tmp_path: Path) -> None:
    """When the submission's folder is a link, nothing that was copied from it stays."""
    copies = tmp_path / "autograded"
    copies.mkdir()
    (copies / "data.csv").write_text("copied")
    (tmp_path / "submitted" / "bob").symlink_to(folder.parent)
    assert remove_refused(copies, tmp_path / "submitted" / "bob" / "hw1", tmp_path / "source") == ("data.csv",)


@pytest.mark.parametrize("kind", ["absent", "pipe", "endless"])
def test_exporter_opens_nothing(tmp_path: Path, kind: str) -> None:
    """The exporter returns at once whatever lies where the notebook should be."""
    path = tmp_path / "hw1.ipynb"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "endless":
        path.symlink_to("/dev/zero")
    text, resources = UnreadNotebook().from_filename(str(path))  # type: ignore[no-untyped-call]
    assert '"cells": []' in text
    assert resources["metadata"]["name"] == "hw1"
