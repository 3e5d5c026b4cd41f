"""`seq2grade grade`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.commands.profiled import show_profile
from autograder.commands.rejudged import agreed, check_options
from autograder.commands.results import leave, show_done
from autograder.commands.shared import HERE, Device, Fleet, Jobs, Root, Sandbox, Seed, check_config, err, ids_of, say
from autograder.errors import Seq2gradeError
from autograder.fleet.stop import Stop, stopped_by_signals

if TYPE_CHECKING:
    from autograder.batch import Done
    from autograder.grading import Listener
    from autograder.planned import Plan


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
    rejudge: Annotated[
        bool,
        typer.Option("--rejudge", help="Judge anew what other checks graded; shows who gains, then asks."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --rejudge: write without asking.")] = False,
    fleet: Fleet = "local",
    retrain: Annotated[bool, typer.Option("--retrain", help="Train models anew; do not load those handed in.")] = False,
    figures: Annotated[bool, typer.Option(help="Draw the course's own pictures for feedback and autograded/.")] = True,
    profile: Annotated[bool, typer.Option("--profile", help="Show where the time of a submission goes.")] = False,
    course: Root = HERE,
) -> None:
    """Grade submissions: run them in a sandbox, judge them from outside, save, report."""
    if rejudge:
        no = {"--seed": seed is not None, "--again": again, "--no-gradebook": gradebook is False, "--profile": profile}
        check_options(no, report)
    elif yes:
        raise Seq2gradeError("--yes answers what --rejudge asks; give both")
    stop = Stop()
    with stopped_by_signals(stop):
        from autograder import batch
        from autograder.planned import Plan
        from autograder.stages import Profile

        if stop.signal:
            leave(stop.signal, "nothing was graded")
        ids_of(course)
        if sandbox == "none":
            say("--sandbox none: student code runs as you; it can read the course, its answers and other submissions")
        where = tuple(paths)
        plan = Plan(
            course.resolve(), where, assignment, jobs, device, sandbox, seed, report, gradebook,
            retrain=retrain, figures=figures, json=json_file, again=again, fleet=fleet,
        )  # fmt: skip
        check_config(course)
        followed = Profile() if profile else None
        with batch.progress(err) as listener:
            done = _judged_again(plan, yes, listener, stop) if rejudge else batch.run(plan, listener, stop, followed)
        # nothing new is no reason to throw old results away
        nothing = done.stopped and not done.grades and str(json_file) != "-"
        kept = show_done(done, None if nothing else json_file)
        for line in done.unsaved:
            say(line)
        if followed is not None:
            show_profile(followed)
    if done.stopped:
        leave(done.stopped)
    attention = done.problems or done.unsaved or not kept or any(g.pending for g in done.grades)
    raise typer.Exit(1 if attention else 0)


def _judged_again(plan: Plan, yes: bool, listener: Listener, stop: Stop) -> Done:
    from autograder.rejudge import rejudge

    return rejudge(plan, lambda preview: agreed(preview, yes), listener, stop)
