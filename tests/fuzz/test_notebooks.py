"""Whatever a file holds: it becomes a whole notebook, or a sentence says why not."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from autograder.collect import collect, manifest
from autograder.errors import CollectError
from autograder.model import Collected, Submission
from tests.collect.sample import release, solved
from tests.fuzz.bounds import assert_clear, assert_harmless, bounded
from tests.fuzz.notebooks import notebooks

Write = Callable[[str, bytes], Submission]
# The folder is one for all examples of a test: each overwrites what the one before wrote.
shared = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
RELEASE = release()
CELLS = manifest(RELEASE)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Hand in these bytes under this name."""

    def handed_in(name: str, raw: bytes) -> Submission:
        path = tmp_path / "ada" / "hw1" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
        return Submission("ada", "hw1", path, place=tmp_path / "ada")

    return handed_in


def read_or_refused(submission: Submission) -> Collected | None:
    """Collect, and hold what comes of it to what is promised."""
    with bounded():
        try:
            found = collect(submission, RELEASE)
        except CollectError as error:
            assert_clear(str(error))
            return None
    assert_whole(found)
    return found


def assert_whole(found: Collected) -> None:
    """Every release cell is there once, locked ones as they were and behind their answers; it is a valid file."""
    notebook = found.notebook
    json.dumps(notebook, ensure_ascii=False, allow_nan=False).encode()
    nbformat.validate(notebook)
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    assert {cell.id for cell in CELLS} <= set(ids)
    assert _heads(ids) == _heads([cell.id for cell in CELLS])
    by_id = {cell["id"]: cell for cell in notebook["cells"]}
    for cell in CELLS:
        there = by_id[cell.id]
        assert there["metadata"].get("nbgrader") == cell.metadata.get("nbgrader")
        assert there["source"] == cell.source or not cell.is_locked
        assert not there.get("outputs")
    for repair in found.repaired:
        assert_harmless(repair.message)
        assert len(repair.message) < 600


def _heads(ids: list[str]) -> dict[str, str]:
    """Locked cell -> the answer that it follows: a student may answer in any order."""
    kinds, head, found = {cell.id: cell for cell in CELLS}, "", {}
    for id in ids:
        if id in kinds and kinds[id].is_answer:
            head = id
        elif id in kinds and kinds[id].is_locked:
            found[id] = head
    return found


@shared
@given(notebooks())
@example(json.dumps(solved()).encode())
def test_any_notebook_is_read_or_refused(write: Write, raw: bytes) -> None:
    """Wrong types anywhere, parts lost and doubled, other formats and encodings, cut and flipped bytes."""
    read_or_refused(write("hw1.ipynb", raw))


@shared
@given(notebooks(), some.sampled_from(("hw1.ipynb", "a/hw1.ipynb", "../hw1.ipynb", "\x1b[2Jhw1.ipynb", "hw1.IPYNB")),
       some.lists(some.tuples(some.text(max_size=30), some.binary(max_size=50)), max_size=4),
       some.lists(some.tuples(some.floats(0, 1), some.integers(0, 255)), max_size=3))  # fmt: skip
def test_any_zip_is_read_or_refused(
    write: Write, raw: bytes, name: str, more: list[tuple[str, bytes]], flips: list[tuple[float, int]]
) -> None:
    """A spoiled notebook in a zip, under odd names, among odd files, with some bytes of the zip flipped."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, raw)
        for other, content in {name.encode("utf-8", "replace").decode() or "x": held for name, held in more}.items():
            archive.writestr(zipfile.ZipInfo(other), content)
    spoiled = bytearray(packed.getvalue())
    for place, byte in flips:
        spoiled[min(int(place * len(spoiled)), len(spoiled) - 1)] = byte
    read_or_refused(write("hw1.zip", bytes(spoiled)))


def test_the_fuzzer_spoils_and_spares(write: Write) -> None:
    """Of what it makes, some is read with repairs and some is refused, each for several reasons: it tries both."""
    read, refused = set[str](), set[str]()

    @settings(max_examples=150)
    @given(notebooks())
    def look(raw: bytes) -> None:
        try:
            read.update(repair.kind for repair in collect(write("hw1.ipynb", raw), RELEASE).repaired)
        except CollectError as error:
            refused.add(" ".join(str(error).split()[:5]))

    look()
    assert len(read) >= 6, read
    assert len(refused) >= 6, refused
