"""The signature of a kept grade: nobody without the key makes one, and any change of what was kept shows."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import GradebookError
from autograder.gradebook.kept import KEPT, is_genuine, read_kept, write_kept
from autograder.gradebook.signed import SIGNATURE, VARIABLE, holds, key_of, sign
from tests.gradebook.test_standing import grade

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
DATA = st.dictionaries(st.text(), JSON, max_size=5)


@given(DATA, st.binary(min_size=32, max_size=40))
def test_a_signature_survives_the_disk(data: dict[str, Any], key: bytes) -> None:
    """What is written as JSON and read again, its names in another order, has the signature that it had."""
    signed = {**data, SIGNATURE: sign(data, key)}
    read = json.loads(
        json.dumps(signed, ensure_ascii=False).encode("utf-8", "surrogatepass").decode("utf-8", "surrogatepass")
    )
    assert holds(dict(reversed(list(read.items()))), key)
    assert not holds(signed, key + b"x")


@given(DATA, st.text(min_size=1), JSON)
def test_any_change_shows(data: dict[str, Any], name: str, value: Any) -> None:
    """One more name, one less, or another value: the signature is no longer its own."""
    key = b"k" * 32
    signed = {**data, SIGNATURE: sign(data, key)}
    changed = {**signed, name: value}
    same = name == SIGNATURE or (name in data and json.dumps(data[name]) == json.dumps(value))
    if not same:
        assert not holds(changed, key)
    for gone in data:
        if gone != SIGNATURE:
            assert not holds({k: v for k, v in signed.items() if k != gone}, key)
    assert not holds(data | {SIGNATURE: 3}, key)
    assert not holds(data | {SIGNATURE: "é"}, key)


def test_a_kept_grade_is_genuine_until_it_is_changed(tmp_path: Path) -> None:
    """As written it is; with another score, without a signature, or signed by somebody else it is not."""
    write_kept(tmp_path, grade("ann", error="odd \ud800 text"))
    assert is_genuine(tmp_path, "hw1", "ann")
    path = tmp_path / KEPT / "hw1" / "ann.json"
    text = path.read_text(encoding="utf-8")
    data = json.loads(text)
    for other in (
        {**data, "score": data["score"] + 1}, {k: v for k, v in data.items() if k != SIGNATURE},
        {**data, SIGNATURE: sign(data, b"x" * 32)}, [],
    ):  # fmt: skip
        path.write_text(json.dumps(other), encoding="utf-8")
        assert not is_genuine(tmp_path, "hw1", "ann")
    path.write_text(text, encoding="utf-8")
    assert is_genuine(tmp_path, "hw1", "ann")
    assert not is_genuine(tmp_path, "hw1", "bob")
    assert read_kept(tmp_path, "hw1", "ann") is not None


def test_the_key_is_made_once(tmp_path: Path) -> None:
    """Of many that begin at once all have the same, which nobody else may read."""
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: key_of(tmp_path / "kept"), range(40)))
    assert len(keys) == 1
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["key"]
    assert (tmp_path / "kept" / "key").stat().st_mode & 0o077 == 0


def test_the_key_may_lie_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the variable says so; grades signed there are not genuine by another key."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "vault" / "course.key"))
    write_kept(tmp_path, grade("ann"))
    assert is_genuine(tmp_path, "hw1", "ann")
    assert not (tmp_path / KEPT / "key").exists()
    monkeypatch.delenv(VARIABLE)
    assert not is_genuine(tmp_path, "hw1", "ann")


@pytest.mark.parametrize("content", [b"", b"short", b"zz" * 32, b"\xff\xfe", b"ab" * 31])
def test_what_is_no_key_is_said(tmp_path: Path, content: bytes) -> None:
    """A broken key is never replaced in silence: everything signed by it would be lost."""
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(GradebookError, match="key"):
        key_of(tmp_path)
    assert (tmp_path / "key").read_bytes() == content
