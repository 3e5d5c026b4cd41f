"""`seq2grade grade`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.results import leave, show_done
from autograder.commands.shared import HERE, Device, Jobs, Root, Sandbox, Seed, check_config, err, ids_of, say
from autograder.fleet.stop import Stop, stopped_by_signals


def grade(
    paths: Annotated[list[Path], typer.Argument(help="Notebooks, or folders in nbgrader's submitted/ layout.")],
    assignment: Annotated[str | None, typer.Option(help="Assignment id, when the path does not tell.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Results as JSON; - prints them.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write class report and feedback pages into this folder.")] = None,
    gradebook: Annotated[bool | None, typer.Option(help="Save scores (default: for folders only).")] = None,
    jobs: Jobs = 0,
    device: Device = "auto",
    sandbox: Sandbox = "auto",
    seed: Seed = None,
    again: Annotated[bool, typer.Option("--again", help="Run what is graded already, too.")] = False,
    retrain: Annotated[bool, typer.Option("--retrain", help="Train models anew; do not load those handed in.")] = False,
    course: Root = HERE,
) -> None:
    """Grade submissions: run them in a sandbox, judge them from outside, save, report."""
    stop = Stop()
    with stopped_by_signals(stop):
        from autograder import batch

        if stop.signal:
            leave(stop.signal, "nothing was graded")
        ids_of(course)
        if sandbox == "none":
            say("--sandbox none: student code runs as you; it can read the course, its answers and other submissions")
        where = tuple(paths)
        plan = batch.Plan(
            course.resolve(), where, assignment, jobs, device, sandbox, seed, report, gradebook,
            retrain=retrain, json=json_file, again=again,
        )  # fmt: skip
        check_config(course)
        with batch.progress(err) as listener:
            done = batch.run(plan, listener, stop)
        # nothing new is no reason to throw old results away
        nothing = done.stopped and not done.grades and str(json_file) != "-"
        kept = show_done(done, None if nothing else json_file)
        for line in done.unsaved:
            say(line)
    if done.stopped:
        leave(done.stopped)
    attention = done.problems or done.unsaved or not kept or any(g.pending for g in done.grades)
    raise typer.Exit(1 if attention else 0)
