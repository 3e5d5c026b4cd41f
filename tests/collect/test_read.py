"""Claims about reading hostile files: a sentence, never a hang, a followed link or a traceback."""

from __future__ import annotations

import json
import os
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.collect.read import CELL_LIMIT, parse_notebook, read_regular, student_cells
from autograder.errors import CollectError
from tests.collect.sample import release, solved, sources
from tests.growth import assert_linear


def parse(notebook: object) -> dict[str, object]:
    return parse_notebook(json.dumps(notebook).encode())


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"{", "broken at line 1"),
        (b'{\n"cells": [', "broken at line 2"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b"[]," * 2_000_001, "too many parts"),
        (b"0," * 10_000_001, "too many parts"),
        (b"\xff\xfe{}", "UTF-8"),
        (b"[]", "no nbformat"),
        (b"17", "no nbformat"),
        (b"{}", "no nbformat"),
        (b'{"nbformat": true}', "no nbformat"),
        (b'{"nbformat": "4"}', "no nbformat"),
        (b'{"nbformat": 5}', "format 5"),
        (b'{"nbformat": 2}', "format 2"),
        (b'{"nbformat": 4}', "no cells"),
        (b'{"nbformat": 4, "cells": {}}', "no cells"),
        (b'{"nbformat": 4, "cells": []}', "no cells"),
        (b'{"nbformat": 4, "cells": [1, null]}', "no cells"),
        (b'{"nbformat": 3, "worksheets": 7}', "old format"),
        (b'{"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code"}]}]}', "old format"),
        (b'{"nbformat": 1' + b"0" * 10_000 + b"}", "format 0"),
    ],
)
def test_what_is_no_notebook(raw: bytes, says: str) -> None:
    """What is not a notebook is refused with a sentence that says why."""
    with pytest.raises(CollectError, match=says):
        parse_notebook(raw)


_NOTEBOOK = json.dumps(release()).encode()
_CONFLICT = b'{\n "cells": [\n<<<<<<< HEAD\n  {},\n=======\n  {}\n>>>>>>> other\n ]\n}'


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (_CONFLICT, r"marks of a merge conflict that git left \(line 3: <<<<<<<"),
        (_CONFLICT.replace(b"\n", b"\r\n"), r"merge conflict that git left \(line 3"),
        (b'{\n "cells": [],\n=======\n "nbformat": 4}', "merge conflict"),
        (b"||||||| base\n" + _NOTEBOOK, "merge conflict"),
        (b"<!DOCTYPE html>\n<html><head><title>Google Drive - Quota exceeded</title>", "page of Google Drive"),
        (b"<html><head><title>Sign in</title><a href=https://accounts.google.com>", "page of Google Drive"),
        (b"\n\n<!doctype html><html><title>hw1 at main - GitHub</title>", "download the raw file"),
        (b"<!DOCTYPE html><html><head><title>Notebook</title>", "exported as a web page"),
        (b'<?xml version="1.0"?>\n<html xmlns="x"><body>404</body>', r"web page \(HTML\)"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1", "git-LFS pointer.*git lfs pull"),
        (b"/annex/objects/SHA256E-s1--0.ipynb\n", "git-annex pointer"),
        (b"PK\x03\x04\x14\0" + b"x" * 50, "zip archive; unpack"),
        (b"PK\x03\x04\x14\0\x06\0[Content_Types].xml", "Office document"),
        (b"PK\x05\x06" + b"\0" * 18, "empty zip"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"BZh91AY&SY", "bzip2"),
        (b"\xfd7zXZ\0", "with xz"),
        (b"7z\xbc\xaf\x27\x1c", "7z archive"),
        (b"Rar!\x1a\x07\0", "RAR archive"),
        (b"hw1.ipynb".ljust(257, b"\0") + b"ustar", "tar archive"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n", "picture"),
        (b"{\\rtf1 x}", "RTF"),
        (b"\0" * 5000, "zero bytes"),
        (b"\x00\x05\x16\x07\0\x02", "macOS"),
        (b"[InternetShortcut]\r\nURL=x", "link to a web page"),
        (_NOTEBOOK.decode().encode("utf-16"), "UTF-16.*UTF-8"),
        (json.dumps(release(), indent=1).encode("utf-16-le"), "UTF-16"),
        (json.dumps(release(), indent=1).encode("utf-16-be"), "UTF-16"),
        ('{"a": "é"}'.encode("latin-1"), "not UTF-8"),
        (b"import torch\n# my answers", "plain text or code"),
        (b"Title\n=======\n\ntext", "plain text or code"),
        (_NOTEBOOK[: len(_NOTEBOOK) // 2].rsplit(b",", 1)[0] + b",", "cut off"),
        (b'{"cells": [}, "nbformat": 4}', "Jupyter does not open it either"),
        (b"[" + _NOTEBOOK + b"]", "inside something else"),
        (b'{"type": "notebook", "content": ' + _NOTEBOOK + b"}", "inside something else"),
        (json.dumps(_NOTEBOOK.decode()).encode(), "saved as text"),
        (b'{"url": "https://docs.google.com/x", "doc_id": "1"}', "link to a document"),
        (
            json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": _NOTEBOOK.decode()}]}).encode(),
            "text of another notebook",
        ),
    ],
)
def test_named_for_what_it_is(raw: bytes, says: str) -> None:
    """What is handed in instead of a notebook is named for what it is, with what to do; nobody is told to open in
    Jupyter what Jupyter does not open."""
    with pytest.raises(CollectError, match=says) as caught:
        parse_notebook(raw)
    assert "Open it in Jupyter" not in str(caught.value)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    "unit", [b"\n", b"<", b"<<<<<<< ", b"=======\n", b'"', b"[", b"1", b"1.", b"\xff", b"\0 ", b" "]
)
def test_linear(unit: bytes) -> None:
    """Time grows as the bytes do, whatever they are: eight times, where a quadratic step would make it 64."""

    def prepared(size: int) -> Callable[[], object]:
        raw = b'{"cells": ' + unit * (size // len(unit))
        return lambda: refused(raw)

    def refused(raw: bytes) -> None:
        with pytest.raises(CollectError):
            parse_notebook(raw)

    assert_linear(prepared, 2**19)


def test_too_many_cells() -> None:
    """A notebook with more cells than anyone writes is refused."""
    with pytest.raises(CollectError, match="cells"):
        parse({"nbformat": 4, "cells": [{}] * (CELL_LIMIT + 1)})


def test_not_a_number() -> None:
    """NaN and infinity, which JSON does not know but Python writes, do not make a notebook unreadable."""
    notebook = solved()
    notebook["metadata"]["a"] = [float("nan"), float("inf"), -float("inf")]
    assert parse(notebook)["cells"] == solved()["cells"]


def test_byte_order_mark() -> None:
    """A byte order mark, which some Windows editors add, does not matter."""
    raw = b"\xef\xbb\xbf" + json.dumps(release()).encode()
    assert parse_notebook(raw) == release()


def test_list_sources() -> None:
    """A source given as a list of lines, as files hold it, reads like a string."""
    notebook = solved()
    for node in notebook["cells"]:
        node["source"] = node["source"].splitlines(keepends=True)
    assert [own.source for own in student_cells(parse(notebook))] == sources(solved())


def test_version_3() -> None:
    """A notebook of format 3 is upgraded, whatever its outputs look like."""
    cells = [
        {"cell_type": "heading", "level": 2, "source": "Title"},
        {"cell_type": "markdown", "source": ["One\n", "two"], "metadata": {}},
        {
            "cell_type": "code",
            "input": ["a = 1\n", "b = 2"],
            "outputs": [{"broken": 1}],
            "language": "python",
            "metadata": {"nbgrader": {"grade_id": "f"}},
        },
    ]
    found = student_cells(parse({"nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells}]}))
    assert [own.type for own in found] == ["markdown", "markdown", "code"]
    assert [own.source for own in found] == ["## Title", "One\ntwo", "a = 1\nb = 2"]
    assert found[2].grade_id == "f"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["cell_type", "source", "metadata", "id", "nbgrader", "tags", "attachments"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(st.lists(_JSON, max_size=5))
def test_any_cells(cells: list[object]) -> None:
    """Whatever stands in the list of cells: the notebook is read or refused, and sources are text."""
    try:
        found = student_cells(parse({"nbformat": 4, "cells": cells}))
    except CollectError:
        assert not any(isinstance(node, dict) for node in cells)
    else:
        assert all(own.source.encode() or own.source == "" for own in found)


@given(st.binary(max_size=200))
def test_any_bytes(raw: bytes) -> None:
    """Random bytes are never a notebook, and never anything but a CollectError."""
    with pytest.raises(CollectError):
        parse_notebook(raw)


@pytest.fixture
def traps(tmp_path: Path) -> Path:
    """One file of every kind that is not a regular file."""
    (tmp_path / "real").write_bytes(b"12345")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "zero").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("folder", "folder"),
        ("link", "is a link"),
        ("loop", "is a link"),
        ("zero", "is a link"),
        ("pipe", "pipe"),
        ("absent", "no absent"),
        ("real/inside", "no inside"),
        ("a\0b", "file name"),
    ],
)
def test_only_regular_files(traps: Path, name: str, says: str) -> None:
    """Links, pipes, folders and absent files are refused at once, and no message names a folder above."""
    with pytest.raises(CollectError, match=says) as caught:
        read_regular(f"{traps}/{name}", 100)
    assert str(traps) not in str(caught.value)


def test_socket() -> None:
    """A socket is refused."""
    with tempfile.TemporaryDirectory(prefix="s2g-") as folder, socket.socket(socket.AF_UNIX) as server:
        server.bind(f"{folder}/s")
        with pytest.raises(CollectError, match="socket"):
            read_regular(Path(folder, "s"), 100)


def test_device() -> None:
    """A device is refused although it could be read for ever."""
    with pytest.raises(CollectError, match="device"):
        read_regular("/dev/zero", 100)


@pytest.mark.parametrize(("limit", "fits"), [(4, False), (5, True), (6, True)])
def test_limit(traps: Path, limit: int, fits: bool) -> None:
    """A file is read up to the limit and refused beyond it."""
    if fits:
        assert read_regular(traps / "real", limit) == b"12345"
    else:
        with pytest.raises(CollectError, match="larger"):
            read_regular(traps / "real", limit)


def test_grows_while_read() -> None:
    """The limit holds for what is read, whatever size the file claims: /proc files claim to be empty."""
    assert os.stat("/proc/self/maps").st_size == 0
    with pytest.raises(CollectError, match="larger"):
        read_regular("/proc/self/maps", 100)
