"""Exports that somebody tampered with: what is hostile is left out with a sentence, and the rest goes on."""

from __future__ import annotations

import os
import stat
import warnings
import zipfile
from pathlib import Path

import pytest

from autograder.errors import CollectError
from autograder.incoming import source
from autograder.incoming.gather import Gathered
from tests.incoming.exports import NOON, collected, laid, notebook, packed, tree, when

EVE = "Eve Poe_902_assignsubmission_file_"
GOOD = {"Ada Love_900_assignsubmission_file_/hw.ipynb": notebook("ada")}


def tampered(path: Path, entries: list[tuple[zipfile.ZipInfo | str, bytes | str]]) -> Path:
    """A zip of good work and these entries."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a name that is there twice
        for name, text in GOOD.items():
            made.writestr(name, text)
        for entry, content in entries:
            made.writestr(entry, content)
    return path


def link(name: str) -> zipfile.ZipInfo:
    """An entry that is a link."""
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


HOSTILE = {
    "traversal": ([(f"{EVE}/../../../evil.ipynb", notebook())], "leads out of the zip"),
    "absolute": ([(f"/{EVE}/hw.ipynb", notebook())], "leads out of the zip"),
    "link": ([(link(f"{EVE}/hw.ipynb"), "/etc/passwd")], "it is a link"),
    "twice": ([(f"{EVE}/hw.ipynb", notebook()), (f"{EVE}/hw.ipynb", notebook("b"))], "there twice"),
    "twice by two spellings": ([(f"{EVE}/hw.ipynb", notebook()), (f"{EVE}//hw.ipynb", "{}")], "there twice"),
    "file and folder": ([(f"{EVE}/hw.ipynb", notebook()), (f"{EVE}/hw.ipynb/x", "x")], "a file and a folder"),
    "control signs": ([(f"{EVE}/h\x1bw.ipynb", notebook())], "unusual characters"),
    "bomb": ([(f"{EVE}/hw.ipynb", b" " * (51 * 2**20))], "more than 50 MB once unpacked"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_entry_stops_nobody_else(tmp_path: Path, kind: str) -> None:
    """It is left out with a sentence, nothing is written outside, and the others' work is collected."""
    entries, says = HOSTILE[kind]
    into = tmp_path / "deep" / "er" / "submitted"
    done = collected(tampered(tmp_path / "m.zip", entries), into)
    assert "Ada Love_900/hw/hw.ipynb" in tree(into)
    assert any(says in note for note in done.notes), done.notes
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep", "m.zip"]
    assert [path.name for path in (tmp_path / "deep").rglob("*ipynb") if path.is_file()] == ["hw.ipynb"]
    assert not any(path.is_symlink() for path in into.rglob("*"))


def test_names_in_other_encodings(tmp_path: Path) -> None:
    """UTF-8 that does not say so is read as such; a folder's other slash is one."""
    path = packed(tmp_path / "m.zip", {"Zoë Ö_900_assignsubmission_file_/hw.ipynb": notebook()})
    raw = path.read_bytes()
    flagged = [n for n in range(len(raw)) if raw[n : n + 4] in (b"PK\x03\x04", b"PK\x01\x02")]
    changed = bytearray(raw)
    for place in flagged:  # the bit that says UTF-8, in both headers
        changed[place + (7 if raw[place : place + 4] == b"PK\x03\x04" else 9)] &= ~0x08
    path.write_bytes(bytes(changed))
    with zipfile.ZipFile(path) as odd:
        assert "Zoë" not in odd.namelist()[0]
    collected(path, tmp_path / "submitted")
    assert tree(tmp_path / "submitted") == ["Zoë Ö_900/hw/hw.ipynb"]
    collected(packed(tmp_path / "b.zip", {"Bo_901_assignsubmission_file_\\hw.ipynb": notebook()}), tmp_path / "b")
    assert tree(tmp_path / "b") == ["Bo_901/hw/hw.ipynb"]


def test_students_cannot_name_places(tmp_path: Path) -> None:
    """A name that would be hidden, or lead elsewhere, makes no folder."""
    files = {f"{name}+hw+2030-01-02 10:00:00 UTC+x/hw.ipynb": notebook() for name in ("..", ".git", "n" * 200)}
    done = collected(packed(tmp_path / "x.zip", files), tmp_path / "submitted")
    assert tree(tmp_path / "submitted") == []
    assert done.trouble


def test_an_unpacked_export_with_links_and_pipes(tmp_path: Path) -> None:
    """Neither followed nor waited for."""
    root = laid(tmp_path / "x", GOOD)
    (root / EVE).mkdir()
    os.mkfifo(root / EVE / "hw.ipynb")
    (root / EVE / "data.csv").symlink_to("/etc/passwd")
    (root / "Cy Roe_903_assignsubmission_file_").symlink_to(tmp_path)
    done: Gathered = collected(root, tmp_path / "submitted")
    assert tree(tmp_path / "submitted") == ["Ada Love_900/hw/hw.ipynb"]
    assert any("is a pipe" in note for note in done.notes)
    assert any("data.csv was left out: it is a link" in note for note in done.notes)


def test_names_that_say_nonsense(tmp_path: Path) -> None:
    """A day that is none, or no name at all, stops nobody; the zip tells the time."""
    day, empty = "eve+hw+2030-13-45 99:99:99 UTC+x", zipfile.ZipInfo("x")
    empty.filename, empty.date_time = "", NOON
    entries: list[tuple[zipfile.ZipInfo | str, bytes | str]] = [(empty, "x")]
    timed = zipfile.ZipInfo(f"{day}/hw.ipynb", NOON)
    entries.append((timed, notebook()))
    entries.append(("HW_bob_attempt_2030-02-31-10-11-12_hw.ipynb", notebook()))
    collected(tampered(tmp_path / "m.zip", entries), tmp_path / "submitted")
    assert tree(tmp_path / "submitted") == ["Ada Love_900/hw/hw.ipynb", "bob/hw/hw.ipynb", "eve/hw/hw.ipynb"]
    assert when(tmp_path / "submitted", "eve") == "2030-01-02 12:00:00.000000 UTC"


def test_what_one_student_may_hand_in(tmp_path: Path) -> None:
    """Files are bounded together, zips among them: what goes beyond is left out with a sentence."""
    big = b" " * (40 * 2**20)
    entries: list[tuple[zipfile.ZipInfo | str, bytes | str]] = [(f"{EVE}/{n}.zip", big) for n in range(4)]
    done = collected(tampered(tmp_path / "m.zip", entries), tmp_path / "submitted")
    assert tree(tmp_path / "submitted/Eve Poe_902") == ["hw/0.zip", "hw/1.zip"]
    assert sum("once unpacked" in note for note in done.notes) == 2


def test_far_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one student they are left out; an export that names too many is refused whole."""
    many = {f"{EVE}/{n}.txt": "" for n in range(230)} | {f"{EVE}/hw.ipynb": notebook()}
    done = collected(tampered(tmp_path / "m.zip", list(many.items())), tmp_path / "submitted")
    assert any("more than 200 files" in note for note in done.notes)
    assert len(tree(tmp_path / "submitted/Eve Poe_902")) == 200
    monkeypatch.setattr(source, "ENTRY_LIMIT", 5)
    with pytest.raises(CollectError, match="more than 5 files"):
        collected(tmp_path / "m.zip", tmp_path / "again")
    with pytest.raises(CollectError, match="more than 5 files"):
        collected(laid(tmp_path / "x", dict.fromkeys(many, "")), tmp_path / "again")
