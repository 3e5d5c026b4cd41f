"""What `seq2grade grade --rejudge` shows before it writes, and the question whether to."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.table import Table

from autograder.commands.shared import err, say
from autograder.errors import Seq2gradeError

if TYPE_CHECKING:
    from autograder.rejudge import Change, Preview


def check_options(others: dict[str, bool], report: Path | None) -> None:
    """Raises Seq2gradeError when an option beside --rejudge (name -> whether it was given) says something else."""
    for name, given in others.items():
        if given:
            raise Seq2gradeError(f"--rejudge changes grades that were kept, with the seed of each: leave {name} out")
    if report is not None:
        raise Seq2gradeError("--rejudge looks at some submissions only: `seq2grade report` makes the pages of all")


def agreed(preview: Preview, yes: bool) -> bool:
    """Show who gains and who loses, and ask, unless that is answered already."""
    changes = preview.changes
    if changes:
        err.print(_table(changes))
    totals = defaultdict[tuple[str, str], float](float)
    for one in changes:
        totals[one.assignment, one.student] += one.gain
    gain, lose = (sum(sign * total > 0 for total in totals.values()) for sign in (1, -1))
    err.print(
        f"{preview.submissions} submissions judged again in {preview.items} items all together: "
        f"{gain} students gain, {lose} lose, {preview.submissions - gain - lose} stay as they are",
        soft_wrap=True,
    )
    if yes:
        return True
    if not sys.stdin.isatty():
        say("nobody can be asked here: --yes writes it")
        return False
    return typer.confirm("Write these grades?", err=True)


def _table(changes: Sequence[Change]) -> Table:
    from autograder.report.terminal import safe

    table = Table("student", "assignment", "item", "before", "after", "", box=None)
    for one in sorted(changes, key=lambda one: (one.assignment, one.student)):
        scores = ["-" if score is None else f"{score:g}" for score in (one.before, one.after)]
        stays = f"a person's {one.person:g} stays" if one.person is not None else f"{one.gain:+g}"
        table.add_row(safe(one.student[:60]), one.assignment, one.item, *scores, stays)
    return table
