"""Claims about reading hostile files: a sentence, never a hang, a followed link or a traceback."""

from __future__ import annotations

import json
import os
import socket
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.collect.read import CELL_LIMIT, parse_notebook, read_regular, student_cells
from autograder.errors import CollectError
from tests.collect.sample import release, solved, sources


def parse(notebook: object) -> dict[str, object]:
    return parse_notebook(json.dumps(notebook).encode())


@pytest.mark.parametrize(("raw", "says"), [
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
])
def test_what_is_no_notebook(raw: bytes, says: str) -> None:
    """What is not a notebook is refused with a sentence that says why."""
    with pytest.raises(CollectError, match=says):
        parse_notebook(raw)


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
        {"cell_type": "code", "input": ["a = 1\n", "b = 2"], "outputs": [{"broken": 1}], "language": "python",
         "metadata": {"nbgrader": {"grade_id": "f"}}},
    ]
    found = student_cells(parse({"nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells}]}))
    assert [own.type for own in found] == ["markdown", "markdown", "code"]
    assert [own.source for own in found] == ["## Title", "One\ntwo", "a = 1\nb = 2"]
    assert found[2].grade_id == "f"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["cell_type", "source", "metadata", "id", "nbgrader", "tags", "attachments"]),
        inner, max_size=5),
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


@pytest.mark.parametrize(("name", "says"), [
    ("folder", "folder"), ("link", "is a link"), ("loop", "is a link"), ("zero", "is a link"),
    ("pipe", "pipe"), ("absent", "no absent"), ("real/inside", "no inside"), ("a\0b", "file name"),
])
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
