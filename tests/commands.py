"""The command line run in the test's own process, in a course of its own. Test modules name this file in
`pytest_plugins`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from autograder import cli

if TYPE_CHECKING:
    from tests.courses import Demo


@dataclass(frozen=True)
class Ran:
    """What a command left: exit code and the two streams."""

    code: int
    out: str
    err: str


Command = Callable[..., Ran]


@pytest.fixture
def seq2grade(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run the console script in this process, with the arguments as typed."""

    def run(*arguments: object) -> Ran:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["seq2grade", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return Ran(int(ended.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture
def course(demo: Demo, monkeypatch: pytest.MonkeyPatch, warm: object) -> Demo:
    """The test's course as current folder; commands share the warm process."""
    monkeypatch.chdir(demo.root)
    return demo
