"""What both formats share: code that a fresh kernel of another machine cannot run, pictures inside cells, marks."""

from __future__ import annotations

import ast
import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from autograder.foreign.model import BEGIN, END, Left

_MAGIC = re.compile(r"^\s*[%!](?!=)")
_CELL_MAGIC = re.compile(r"^\s*%%(\w+)")
_RUNS_PYTHON = ("time", "timeit", "capture", "prun")
_NOSE = re.compile(r"^(\s*)from nose\.tools import (.+)$")


def runnable(source: str, where: str) -> tuple[str, list[Left]]:
    """Code without magics, and with unittest where it imported nose, which no Python of today runs."""
    kept: list[str] = []
    left: list[Left] = []
    first = next((line for line in source.split("\n") if line.strip()), "")
    if (found := _CELL_MAGIC.match(first)) and found[1] not in _RUNS_PYTHON:
        why = f"a cell of %%{found[1]} is no Python; it became a comment"
        return "\n".join(f"# {line}".rstrip() for line in source.split("\n")), [Left(where, why, source)]
    for line in source.split("\n"):
        if _MAGIC.match(line):
            why = "a magic or a shell command: the grader runs plain Python, without a network"
            left.append(Left(where, why, line))
            kept += [line[: len(line) - len(line.lstrip())] + "pass"] if line[:1].isspace() else []
        elif nose := _NOSE.match(line):
            kept += [f"{nose[1]}import unittest"]
            kept += [f"{nose[1]}{name} = unittest.TestCase().{_camel(name)}" for name in _names(nose[2])]
        else:
            kept.append(line)
    return "\n".join(kept), left


def _names(imported: str) -> list[str]:
    return [name.strip() for name in imported.strip(" ()").split(",") if name.strip()]


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def pictures(cell: Mapping[str, Any], source: str, number: int) -> tuple[str, dict[str, bytes]]:
    """A Markdown cell's text with links to files in place of attachments, and those files."""
    files: dict[str, bytes] = {}
    for name, data in (cell.get("attachments") or {}).items():
        encoded = next((text for kind, text in data.items() if kind.startswith("image/")), None)
        if encoded is None:
            continue
        plain = f"cell{number}-" + re.sub(r"[^A-Za-z0-9._-]", "_", name)
        try:
            files[plain] = base64.b64decode("".join(encoded), validate=False)
        except (binascii.Error, ValueError):
            continue
        source = source.replace(f"attachment:{name}", plain)
    return source, files


def marked(source: str) -> str:
    """An answer with its solution between our marks; all of it where nobody marked a part."""
    lines = []
    for line in source.split("\n"):
        if line.strip() == "# YOUR CODE HERE":  # of a stub that somebody answered
            continue
        space = line[: len(line) - len(line.lstrip())]
        if "BEGIN SOLUTION" in line:
            line = space + BEGIN
        elif "END SOLUTION" in line:
            line = space + END
        lines.append(line)
    text = "\n".join(lines)
    if BEGIN in text and END in text:
        return text
    return f"{BEGIN}\n{text.strip(chr(10)) or '# nothing was here'}\n{END}"


def is_released(source: str) -> bool:
    """Whether an answer is what students get: no solution, and a stub in its place."""
    return ("NotImplementedError" in source and "YOUR CODE HERE" in source) or source.strip() == "YOUR ANSWER HERE"


def parsed(code: str) -> ast.Module | None:
    """None for what is no Python."""
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError):
        return None


def used(code: str) -> set[str]:
    """The names that code mentions."""
    tree = parsed(code)
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} if tree else set()
