"""The functions of the standard library: whole, without comments, and the same ones on every call."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from seq2kit.language import python_code

LIBRARY = {
    "one.py": 'class A:\n    @property\n    def f(self):\n        """Told."""\n        # why\n        return 1\n',
    "two.py": "if True:\n    def g(x): return (x,\n        2)\n    async def h(): pass\n",
    "deep/three.py": "def outer():\n    def inner():\n        pass\n    return 'ä'\n\ndef only():\n    'told'\n",
    "test/four.py": "def test(): pass\n",
    "broken.py": "def (:\n",
}


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name, text in LIBRARY.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(python_code, "_library", lambda: tmp_path)
    python_code.functions.cache_clear()
    yield tmp_path
    python_code.functions.cache_clear()


def test_functions_are_whole_and_bare(library: Path) -> None:
    """Methods, branches, inner functions too; no decorators, docstrings, comments, tests; ASCII only."""
    found = python_code.functions(longest=60, share=2)
    assert {*found.train, *found.validation} == {
        "def f(self):\n    return 1",
        "def g(x):\n    return (x, 2)",
        "def inner():\n    pass",
        "def only():\n    pass",
    }
    assert found.train
    assert found.validation
    assert not {*found.train} & {*found.validation}
    for text in (*found.train, *found.validation):
        assert isinstance(ast.parse(text).body[0], ast.FunctionDef)
    python_code.functions.cache_clear()
    assert python_code.functions(longest=60, share=2) == found


def test_without_sources_it_says_so(library: Path) -> None:
    """Some distributions have no source files."""
    for path in library.rglob("*.py"):
        path.unlink()
    with pytest.raises(FileNotFoundError, match="no source files"):
        python_code.functions()


def test_parsing_never_runs_anything() -> None:
    """What the grammar allows parses, whatever it would do; anything else does not, and warns of nothing."""
    assert python_code.parses("def f():\n    return 1 / 0")
    assert python_code.parses("raise SystemExit")
    assert python_code.parses(r"x = '\d'")
    for text in ("def f(:", "x = ", "\0", "(" * 500, "return = 1"):
        assert not python_code.parses(text)


def test_a_mark_tells_texts_apart() -> None:
    """One number for one text, and it fits into 31 bits."""
    texts = [f"def f{k}():\n    pass" for k in range(500)]
    marks = {python_code.mark(text) for text in texts}
    assert len(marks) == len(texts)
    assert all(0 <= number < 2**31 for number in marks)
    assert python_code.mark(texts[3]) == python_code.mark(str(texts[3]))
