"""The page of error sentences: each of them is one that the code says."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
HOLE = "\0"


@cache
def sentences() -> str:
    """All text in the sources of both packages, with a hole where a value is put in."""
    found = []
    for folder in ("autograder", "kit/seq2kit"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.JoinedStr):
                    parts = [part.value if isinstance(part, ast.Constant) else HOLE for part in node.values]
                    found.append("".join(map(str, parts)))
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.append(node.value)
    return "\n".join(found)


def quoted() -> list[str]:
    """The sentences in the first column of the page's tables."""
    cells = re.findall(r"^\| (`.*?`) \|", PAGE, re.MULTILINE)
    return [sentence for cell in cells for sentence in re.findall(r"`([^`]+)`", cell)]


@pytest.mark.parametrize("sentence", quoted())
def test_each_sentence_is_one_of_ours(sentence: str) -> None:
    """What stands between the holes of a sentence is said somewhere, word for word."""
    for piece in filter(None, (piece.strip(" :") for piece in sentence.split("…"))):
        assert piece in sentences(), piece


def test_the_page_has_them_all() -> None:
    """Every reason to refuse the machine, and every command's, is a row; the code says more than a handful."""
    assert len(quoted()) > 50
