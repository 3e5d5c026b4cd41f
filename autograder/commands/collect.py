"""`seq2grade collect`."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.commands.packed import file_bytes
from autograder.commands.shared import HERE, Root, Sandbox, chosen, err, ids_of, out
from autograder.errors import Seq2gradeError

if TYPE_CHECKING:
    from autograder.incoming.gather import Grades, Trial


def collect(
    source: Annotated[
        Path, typer.Argument(help="The zip that Moodle or Canvas gave, or a folder; nbgrader's inbound/.")
    ],
    assignment: Annotated[str | None, typer.Option(help="Assignment id, where the export does not tell.")] = None,
    roster: Annotated[
        Path | None, typer.Option(help="CSV with a line for each student: names, e-mail, ids, group (docs/collect.md).")
    ] = None,
    attempt: Annotated[str, typer.Option(help="Which attempt counts: newest, best (grades them), or all.")] = "newest",
    into: Annotated[Path | None, typer.Option(help="Where students' folders go; default: submitted/.")] = None,
    zone: Annotated[
        str, typer.Option(help="Time zone of a zip's clock, as Europe/Berlin; default: this machine's.")
    ] = "",
    replace: Annotated[bool, typer.Option("--replace", help="Take the new work, whatever lies there.")] = False,
    sandbox: Sandbox = "auto",
    course: Root = HERE,
) -> None:
    """Bring what Moodle, Canvas or nbgrader's exchange hands over into submitted/<student>/<assignment>/."""
    from autograder.incoming.gather import Wish, gather
    from autograder.incoming.people import read_roster
    from autograder.writing import check_folder

    root = course.resolve()
    known = ids_of(root)
    wanted = chosen(known, [assignment])[0] if assignment else known[0] if len(known) == 1 else ""
    people = read_roster(file_bytes(roster), roster.name) if roster is not None else None
    place = into if into is not None else root / "submitted"
    check_folder(place, "the submissions")
    wish = Wish(source, place, known, wanted, people, attempt, _zone(zone), replace)
    done = gather(wish, _grades(root, sandbox))
    for line in done.notes:
        out.print(line, markup=False, soft_wrap=True)
    out.print(f"{place}: {done.written} written, {done.same} there already", markup=False, soft_wrap=True)
    raise typer.Exit(1 if done.trouble else 0)


def _zone(name: str) -> datetime.tzinfo | None:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name) if name else None
    except (OSError, ValueError) as error:  # ZoneInfoNotFoundError is a KeyError
        raise Seq2gradeError(f"--zone {name}: expected a name such as Europe/Berlin") from error
    except KeyError as error:
        raise Seq2gradeError(f"--zone {name}: no time zone is called so; expected one such as Europe/Berlin") from error


def _grades(root: Path, sandbox: str) -> Grades:
    """Points of attempts, as `seq2grade grade` finds them, without what handing in late costs; nothing is saved."""

    def grade(folder: Path, trials: Sequence[Trial]) -> dict[str, tuple[float, float]]:
        from autograder import batch
        from autograder.assignment import load_assignment
        from autograder.deadlines import deadline, utc
        from autograder.gradebook.late import LatePolicy, course_config
        from autograder.planned import Plan

        policy = LatePolicy(course_config(root))
        dues = {name: load_assignment(root / "assignments" / name).due for name in {one.assignment for one in trials}}
        with batch.progress(err) as listener:
            done = batch.run(Plan(root, (folder,), sandbox=sandbox, gradebook=False), listener)
        grades = {one.student: one for one in done.grades}
        points = {}
        for one in trials:
            found, due = grades.get(one.label), dues[one.assignment]
            if found is None:
                continue
            off = 0.0
            if due is not None and one.time is not None:
                more = deadline(root, one.assignment, due).extension(one.student, utc(due))
                late = (utc(one.time) - utc(due) - (more or datetime.timedelta(0))).total_seconds()
                off = policy.penalty(one.student, found.score, late) or 0.0
            points[one.label] = (found.score - off, found.pending)
        return points

    return grade
