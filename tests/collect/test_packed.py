"""Zips that were handed in: what is taken out of them, and what hostile ones achieve (nothing)."""

from __future__ import annotations

import copy
import io
import json
import resource
import stat
import struct
import time
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seq2kit import handin

from autograder.collect import collect, find_submissions
from autograder.collect.files import BYTE_LIMIT, FILE_LIMIT
from autograder.collect.packed import read_pack
from autograder.errors import CollectError
from autograder.model import Collected, Submission
from tests.collect.sample import release, save, solved

HW, KNOWN = "hw1", ("hw1", "other")
MODEL = b"weights"


def notebook(answer: str = "") -> bytes:
    found = copy.deepcopy(solved())
    found["cells"][3]["source"] += answer
    return json.dumps(found).encode()


def zipped(files: dict[str, bytes], **changes: Any) -> bytes:
    """A zip of these files; `changes` are set on the entry of the last one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, data) in enumerate(files.items(), start=1):
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            for key, value in changes.items() if number == len(files) else ():
                setattr(entry, key, value)
            archive.writestr(entry, data)
    return out.getvalue()


def good(**more: bytes) -> bytes:
    return handin.zipped({"hw1.ipynb": notebook(), "checkpoints/model.safetensors": MODEL, **more})


def put(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def collected(path: Path, assignment: str | None = None) -> Collected:
    (one,) = find_submissions(path, assignment, KNOWN)
    assert one.problem == ""
    return collect(one, release())


def told(found: Collected) -> str:
    return "\n".join(repair.message for repair in found.repaired)


@pytest.mark.parametrize(
    "place",
    [
        "ada.zip",
        "any/hw1-handin.zip",
        "submitted/ada/hw1/hw1-handin.zip",
        "submitted/ada/hw1-handin.zip",
        "submitted/ada/HW1/my work.ZIP",
        "Ada_7_assignsubmission_file_/hw1-handin.zip",
    ],
)
@pytest.mark.parametrize("folder", ["", "my homework/", "a/b/"])
def test_a_zip_is_a_submission(tmp_path: Path, place: str, folder: str) -> None:
    """Wherever it lies, with the notebook on top or in a folder, as `handin` or a file manager packs it."""
    data = zipped(
        {
            folder + "hw1.ipynb": notebook(),
            folder + "checkpoints/model.safetensors": MODEL,
            folder + "helpers.py": b"x = 1",
            f"__MACOSX/{folder}._hw1.ipynb": b"junk",
            "empty/": b"",
            folder + ".ipynb_checkpoints/hw1-checkpoint.ipynb": b"{}",
        }
    )
    path = put(tmp_path / place, data)
    for where in {path, tmp_path / place.split("/")[0]}:
        found = collected(where)
        assert found.submission.assignment == HW
        assert found.files == {"checkpoints/model.safetensors": MODEL, "helpers.py": b"x = 1"}
        assert found.notebook["cells"][3]["source"] == solved()["cells"][3]["source"]
        assert found.repaired == ()


def test_a_class_of_zips(tmp_path: Path) -> None:
    """As Canvas exports them, or one in each student's folder beside others with notebooks."""
    for name in ("ada_4711_80001_hw1-handin.zip", "bob_LATE_4712_80002_hw1-handin.zip"):
        put(tmp_path / "canvas" / name, good())
    assert [one.student for one in find_submissions(tmp_path / "canvas", None, KNOWN)] == ["ada_4711", "bob_4712"]
    put(tmp_path / "submitted/ada/hw1/hw1-handin.zip", good())
    save(tmp_path / "submitted/bob/hw1/hw1.ipynb", solved())
    for where in (tmp_path, tmp_path / "submitted/ada", tmp_path / "submitted/ada/hw1"):
        found = find_submissions(where, HW, KNOWN)
        assert found[0].path.name == "hw1-handin.zip"
        assert not any(one.problem for one in found)


def test_a_folder_named_for_the_assignment_may_hold_a_class(tmp_path: Path) -> None:
    """As it may with notebooks."""
    put(tmp_path / "hw1/ada.zip", good())
    put(tmp_path / "hw1/bob.zip", good())
    found = find_submissions(tmp_path / "hw1", HW, KNOWN)
    assert [(one.student, one.problem) for one in found] == [("ada", ""), ("bob", "")]


def test_a_zip_beside_the_notebook_it_holds_lends_its_models(tmp_path: Path) -> None:
    """Who hands in both loses nothing; files beside the notebook win; another zip lends nothing."""
    home = tmp_path / "submitted/ada/hw1"
    put(home / "hw1.ipynb", notebook())
    put(home / "hw1-handin.zip", good(**{"helpers.py": b"old"}))
    put(home / "helpers.py", b"new")
    found = collected(tmp_path)
    assert found.submission.path.name == "hw1.ipynb"
    assert found.files == {"checkpoints/model.safetensors": MODEL, "helpers.py": b"new"}
    assert "holds the same notebook; taken from it: checkpoints/model.safetensors" in told(found)
    put(home / "hw1.ipynb", notebook("\n# later"))
    assert "checkpoints/model.safetensors" not in collected(tmp_path).files


def test_a_zip_with_work_counts_for_more_than_a_blank_notebook(tmp_path: Path) -> None:
    """As another notebook would; a person is asked to look."""
    save(tmp_path / "submitted/ada/hw1/hw1.ipynb", release())
    put(tmp_path / "submitted/ada/hw1/hw1-handin.zip", good())
    found = collected(tmp_path)
    assert found.doubtful
    assert found.files == {"checkpoints/model.safetensors": MODEL}


def test_two_zips_are_not_guessed(tmp_path: Path) -> None:
    """One row names both."""
    put(tmp_path / "submitted/ada/hw1/a.zip", good())
    put(tmp_path / "submitted/ada/hw1/b.zip", zipped({"hw1.ipynb": notebook("\n# b")}))
    (one,) = find_submissions(tmp_path, None, KNOWN)
    assert "a.zip, hw1/b.zip" in one.problem
    with pytest.raises(CollectError, match="which one counts"):
        collect(one, release())


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"a.ipynb": b"{}", "b.ipynb": b"{}"}, "2 notebooks"),
        ({"readme.txt": b""}, "no notebook in the zip; found readme.txt"),
        ({}, "no notebook in the zip; found nothing"),
        ({"hw1.zip": b"PK"}, "Unpack the archive in it"),
        ({"hw1.ipynb": b"", "HW1.ipynb/x": b"", "x": b"", "x/y": b""}, "a file and a folder at once"),
        ({"../hw1.ipynb": b""}, "no notebook in the zip"),
    ],
)
def test_a_zip_that_is_no_submission_says_why(tmp_path: Path, files: dict[str, bytes], says: str) -> None:
    """In the student's row, beside the name of the zip."""
    data = zipped(files)
    with pytest.raises(CollectError, match=says):
        read_pack(data)
    put(tmp_path / "submitted/ada/hw1/hw1.zip", data)
    (one,) = find_submissions(tmp_path, None, KNOWN)
    assert one.student == "ada"
    assert "hw1.zip" in one.problem


def test_of_several_notebooks_the_one_named_for_the_assignment_is_meant() -> None:
    """As in a folder."""
    data = zipped({"notes.ipynb": b"{}", "hw1.ipynb": notebook(), "old/hw1.ipynb": b"{}"})
    pack = read_pack(data, (HW,))
    assert (pack.name, pack.files) == ("hw1.ipynb", {})
    assert len(pack.refused) == 2


@pytest.mark.parametrize(
    ("name", "changes", "why"),
    [
        ("../../evil.py", {}, "leads out"),
        ("/etc/evil.py", {}, "leads out"),
        ("a/../../evil.py", {}, "leads out"),
        ("..\\..\\evil.py", {}, "leads out"),
        ("C:\\evil.py", {}, "leads out"),
        ("c:evil.py", {}, "leads out"),
        ("link.py", {"external_attr": (stat.S_IFLNK | 0o777) << 16}, "link"),
        ("pipe", {"external_attr": (stat.S_IFIFO | 0o666) << 16}, "plain file"),
        ("a\n.py", {}, "unusual"),
        ("x" * 400, {}, "too long"),
        ("a//b.py", {}, "unusual"),
        ("./a.py", {}, "unusual"),
        ("/".join("abcdefghijkl"), {}, "nested"),
        ("bz.py", {"compress_type": zipfile.ZIP_BZIP2}, "unusual way"),
        ("xz.py", {"compress_type": zipfile.ZIP_LZMA}, "unusual way"),
        ("other.ipynb.txt", {}, "not the notebook"),
    ],
)
def test_what_is_no_plain_file_of_the_zip_is_refused(name: str, changes: dict[str, Any], why: str) -> None:
    """Each with a word; the notebook and everything else counts all the same."""
    pack = read_pack(zipped({"hw1.ipynb": notebook(), "ok.py": b"1", name: b"evil"}, **changes))
    assert pack.files == {"ok.py": b"1"}
    assert [why in one.message for one in pack.refused] == [True]
    assert "\n" not in pack.refused[0].message


def test_hidden_files_and_caches_are_passed_over() -> None:
    """As in a folder."""
    data = zipped(
        {
            "hw1.ipynb": notebook(),
            ".secret": b"",
            "__pycache__/a.pyc": b"",
            "feedback/x.html": b"",
            "timestamp.txt": b"1999-01-01",
            "nested.zip": b"PK",
        }
    )
    assert read_pack(data).files == {"nested.zip": b"PK"}


def test_folders_written_with_the_other_slash_are_folders() -> None:
    """As some programs on Windows do."""
    data = zipped({"hw1.ipynb": notebook(), "checkpoints\\model.safetensors": MODEL})
    assert read_pack(data).files == {"checkpoints/model.safetensors": MODEL}


def test_one_name_twice_is_no_choice() -> None:
    """Programs differ in which one they show, so neither is taken."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as archive:
        warnings.simplefilter("ignore", UserWarning)
        archive.writestr("hw1.ipynb", notebook())
        archive.writestr("hw1.ipynb", b"{}")
    with pytest.raises(CollectError, match="twice"):
        read_pack(out.getvalue())
    with pytest.raises(CollectError, match="twice"):
        read_pack(zipped({"hw1.ipynb": notebook(), "a/x.py": b"", "a\\x.py": b""}))


def encrypted(data: bytes) -> bytes:
    """The zip with the mark of encryption on all that it holds."""
    for head, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.find(head)
        while at >= 0:
            data = data[: at + place] + b"\x01\x00" + data[at + place + 2 :]
            at = data.find(head, at + 1)
    return data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        b"PK\x03\x04" + b"x" * 100,
        b"PK\x05\x06" + b"\0" * 18,
        good()[:-30],
        good()[:200],
        b"x" * 500 + good()[-60:],
        encrypted(good()),
        good().replace(b"PK\x01\x02", b"PK\x01\x03"),
    ],
    ids=range(9),
)
def test_what_is_no_sound_zip_is_said(data: bytes) -> None:
    """One sentence, whatever the bytes."""
    with pytest.raises(CollectError):
        read_pack(data)


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=4))
def test_no_damage_raises_anything_else(place: int, what: bytes) -> None:
    """Any byte of a sound zip may be another one."""
    data = good()
    place %= len(data)
    try:
        pack = read_pack(data[:place] + what + data[place + len(what) :])
    except CollectError:
        return
    assert all(len(content) <= BYTE_LIMIT for content in pack.files.values())


def bomb(claim: int | None = None) -> bytes:
    """80 kB that unpack to 80 MB; with `claim` they say to be so many bytes."""
    data = zipped({"hw1.ipynb": notebook(), "bomb.py": b"\0" * (80 * 2**20)})
    size = struct.pack("<L", 80 * 2**20)
    return data if claim is None else data.replace(size, struct.pack("<L", claim))


@pytest.mark.parametrize("claim", [None, 10])
def test_a_bomb_costs_little_and_is_left_out(claim: int | None) -> None:
    """However small it claims to be: what is unpacked is counted."""
    data = bomb(claim)
    begin, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    pack = read_pack(data)
    assert pack.files in ({}, {"bomb.py": b"\0" * (claim or 0)})
    assert time.process_time() - begin < 5
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 3 * BYTE_LIMIT / 2**20


def test_a_notebook_that_is_a_bomb_is_refused() -> None:
    """With the reason."""
    with pytest.raises(CollectError, match="MB once unpacked"):
        read_pack(zipped({"hw1.ipynb": b" " * (60 * 2**20)}))


def test_many_files_are_cut_off() -> None:
    """Some are too many to hand in, with a word; very many are not even listed, and cost no time."""
    names = {f"data/{number:05}.txt": b"" for number in range(FILE_LIMIT + 30)}
    pack = read_pack(zipped({"hw1.ipynb": notebook(), **names}))
    assert len(pack.files) == FILE_LIMIT
    assert len(pack.refused) == 21
    begin = time.process_time()
    with pytest.raises(CollectError, match="far too many files"):
        read_pack(zipped({"hw1.ipynb": notebook(), **{f"{number:06}": b"" for number in range(20_000)}}))
    assert time.process_time() - begin < 10


def test_deep_names_cost_nothing() -> None:
    """A name of thousands of folders is refused before anybody takes it apart."""
    deep = {f"{letter}/" * 20_000 + "x": b"" for letter in "abc"}
    data = zipped({"hw1.ipynb": notebook(), **deep})
    begin, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(read_pack(data).refused) == 3
    assert time.process_time() - begin < 2
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 200


def test_no_link_leads_to_somebody_elses_zip(tmp_path: Path) -> None:
    """A zip in a student's folder that is a link, or has a name elsewhere, is not read."""
    secret = put(tmp_path / "secret/hw1.zip", good())
    home = tmp_path / "submitted/ada/hw1"
    home.mkdir(parents=True)
    (home / "hw1.zip").symlink_to(secret)
    (one,) = find_submissions(tmp_path, HW, KNOWN)
    with pytest.raises(CollectError):
        collect(one, release())
    (home / "hw1.zip").unlink()
    (home / "hw1.zip").hardlink_to(secret)
    (one,) = find_submissions(tmp_path, HW, KNOWN)
    with pytest.raises(CollectError, match=r"hard link|another name|other names?"):
        collect(one, release())


def test_the_zip_of_another_assignment_is_refused(tmp_path: Path) -> None:
    """As its notebook would be."""
    other = release()
    other["metadata"]["seq2grade"]["assignment"] = "other"
    for cell in other["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["grade_id"] = "x-" + cell["metadata"]["nbgrader"]["grade_id"]
    path = put(tmp_path / "hw1.zip", zipped({"hw1.ipynb": json.dumps(other).encode()}))
    with pytest.raises(CollectError, match="another assignment"):
        collect(Submission("ada", HW, path), release())
