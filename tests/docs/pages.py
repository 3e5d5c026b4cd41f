"""A page of the documentation, run: its `sh` blocks in order, and what its `text` blocks say must come of them."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from autograder import cli

DOCS = Path(__file__).resolve().parents[2] / "docs"
MARK = "<!-- The blocks of this page are run"
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEREDOC = re.compile(r"<<'?(\w+)'?")
_MAY_FAIL = " || true"


def marked() -> list[str]:
    """The pages that say of themselves that they are run."""
    pages = sorted(DOCS.rglob("*.md"))
    return [page.relative_to(DOCS).as_posix() for page in pages if MARK in page.read_text(encoding="utf-8")]


def blocks(text: str) -> list[tuple[str, str]]:
    """(commands, what they must print) of a page; the second is "" where it says nothing about that."""
    found: list[tuple[str, str]] = []
    for kind, body in _FENCE.findall(text):
        if kind == "sh":
            found.append((body, ""))
        elif kind == "text" and found and not found[-1][1]:
            found[-1] = (found[-1][0], body)
    return found


def commands(block: str) -> Iterator[str]:
    """The commands of a block: a line each, with what belongs to it."""
    lines = iter(block.splitlines())
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        while line.endswith("\\"):
            line += "\n" + next(lines)
        if found := _HEREDOC.search(line):
            for inside in lines:
                line += "\n" + inside
                if inside == found[1]:
                    break
        yield line


@dataclass
class Shell:
    """Runs commands in `place`: `seq2grade` in this very process, which is warm, and all others in bash."""

    place: Path
    printed: list[str] = field(default_factory=list)

    def page(self, name: str) -> None:
        """Run a page and hold what it prints against what it says."""
        found = blocks((DOCS / name).read_text(encoding="utf-8"))
        assert found, f"{name} has nothing to run"
        for block, wanted in found:
            self.printed = []
            for command in commands(block):
                self.run(command)
            self.compare(name, wanted)

    def run(self, command: str) -> None:
        """One command. Raises AssertionError where it fails and the page does not say that it may."""
        own = command.removesuffix(_MAY_FAIL)
        code = self._own(own) if own.startswith("seq2grade ") else self._bash(own)
        assert code == 0 or command.endswith(_MAY_FAIL), f"{command}\nended with {code}:\n{''.join(self.printed)}"

    def _own(self, command: str) -> int:
        said = io.StringIO()
        with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            patch.chdir(self.place)
            patch.setattr(sys, "argv", shlex.split(command, comments=True))
            with pytest.raises(SystemExit) as ended:
                cli.main()
        self.printed.append(said.getvalue())
        return int(ended.value.code or 0)

    def _bash(self, command: str) -> int:
        script = f"{command}\necho; pwd"
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-euc", script], cwd=self.place, env={**os.environ, "PATH": path}, timeout=300, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        lines = done.stdout.splitlines()
        if done.returncode == 0:
            self.place = Path(lines.pop())
        self.printed.append("\n".join(lines) + "\n")
        return done.returncode

    def compare(self, page: str, wanted: str) -> None:
        """Each line of `wanted` must have been printed, in this order; layout does not matter."""
        text = _plain("".join(self.printed))
        place = 0
        for line in map(_plain, wanted.splitlines()):
            found = text.find(line, place)
            assert found >= 0, f"{page} promises {line!r}; printed was:\n{''.join(self.printed)}"
            place = found + len(line)


def _plain(text: str) -> str:
    return " ".join(text.split())
