"""`seq2grade demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.results import leave, show_done
from autograder.commands.shared import HERE, Jobs, Root, Sandbox, err, ids_of, say
from autograder.errors import Seq2gradeError
from autograder.fleet.stop import Stop, stopped_by_signals


def demo(
    assignment: str = "rnn_backprop",
    folder: Annotated[Path, typer.Option(help="Where the made-up class and its reports go.")] = Path("demo"),
    course: Root = HERE,
    jobs: Jobs = 0,
    sandbox: Sandbox = "auto",
) -> None:
    """Write a class of made-up submissions, grade it, and say where the report is."""
    from autograder import batch

    if assignment not in ids_of(course):
        raise Seq2gradeError(
            f"no assignment called {assignment} in {course.resolve()}: run the demo in a clone of the repository, or "
            f"choose one by --assignment ({', '.join(ids_of(course))})"
        )
    plan = batch.make_demo(course.resolve(), assignment, folder.resolve(), jobs, sandbox)
    stop = Stop()
    with stopped_by_signals(stop), batch.progress(err) as listener:
        done = batch.run(plan, listener, stop)
    show_done(done, None)
    for line in done.unsaved:
        say(line)
    if done.stopped:
        leave(done.stopped)
