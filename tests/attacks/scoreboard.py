"""`make attacks`: every cheat graded here and now, and what became of each kind. `--write` brings the list in
docs/security.md up to date, without running anything; `--one-process` grades without forks, as with CUDA."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from tests.attacks.cheat import KINDS, Cheat, cheats
from tests.sandbox import ONE_PROCESS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "security.md"
_BEGIN, _END = "<!-- attacks: written by `python -m tests.attacks.scoreboard --write` -->\n", "<!-- /attacks -->\n"
_MEANT = {
    "no gain": "no point",
    "no leak": "nothing read",
    "contained": "ended, nobody else harmed",
    "full marks": "nothing gained by it, and right work keeps its points",
}


class Outcomes:
    """A plugin of pytest that notes which cheats held."""

    def __init__(self) -> None:
        self.held: dict[str, bool] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test whose setup fails held nothing."""
        found = re.search(r"test_a_cheat_comes_to_its_verdict\[(\w+)\]", report.nodeid)
        if found and (report.when == "call" or report.failed):
            self.held[found[1]] = report.passed and self.held.get(found[1], True)


def board(bank: Iterable[Cheat], held: Mapping[str, bool]) -> Table:
    """A row for each kind: how many were tried, how many came to the verdict that they must come to."""
    table = Table("an attack that ...", "tried", "held", "broke through", box=None)
    for kind, what in KINDS.items():
        mine = [cheat.name for cheat in bank if cheat.about == kind and cheat.name in held]
        broke = [name for name in mine if not held[name]]
        table.add_row(what, str(len(mine)), str(len(mine) - len(broke)), ", ".join(broke) or "-")
    return table


def listing(bank: Sequence[Cheat]) -> str:
    """The bank as Markdown, by kind."""
    parts = []
    for kind, what in KINDS.items():
        mine = [cheat for cheat in bank if cheat.about == kind]
        parts.append(f"### {what[0].upper()}{what[1:]} ({len(mine)})\n")
        parts += [f"- `{cheat.name}`: {cheat.tries} **{_MEANT[cheat.expect]}**" for cheat in mine]
        parts.append("")
    return "\n".join(parts) + "\n"


def with_listing(page: str, bank: Sequence[Cheat]) -> str:
    """The page with the list as it is now. Raises ValueError where its marks are gone."""
    before, begin, rest = page.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"{PAGE.name} has lost the marks {_BEGIN.strip()} and {_END.strip()}")
    return f"{before}{begin}\n{listing(bank)}{end}{after}"


def main(arguments: Sequence[str]) -> int:
    """See the module. Returns the exit code."""
    bank = cheats()
    if "--write" in arguments:
        PAGE.write_text(with_listing(PAGE.read_text(encoding="utf-8"), bank), encoding="utf-8")
        return 0
    if "--one-process" in arguments:
        os.environ[ONE_PROCESS] = "1"
        arguments = [argument for argument in arguments if argument != "--one-process"]
    outcomes = Outcomes()
    chosen = [str(Path(__file__).with_name("test_attacks.py")), "-q", "-k", "comes_to_its_verdict"]
    code = int(pytest.main([*chosen, "-p", "no:cacheprovider", *arguments], plugins=[outcomes]))
    Console().print(board(bank, outcomes.held))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
