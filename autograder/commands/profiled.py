"""What `grade --profile` prints: where the time of a submission goes, stage by stage."""

from __future__ import annotations

from rich.table import Table

from autograder.commands.shared import err
from autograder.stages import Profile, Seconds

_WHAT = {
    "read": "find, put right",
    "sandbox": "fork, build",
    "kernel": "connect",
    "cells": "the student's own",
    "hand over": "from cells to checks",
    "judge": "checks, on both sides",
    "close": "end, clean up",
    "record": "gradebook, files",
}


def show_profile(profile: Profile) -> None:
    """On stderr: the mean over the submissions that were run."""
    if not profile.spent:
        err.print("profile: nothing was run")
        return
    mean = profile.mean()
    table = Table("stage", "wall s", "CPU s", "grader", "notebook", "judge", "", box=None, pad_edge=False)
    for name, seconds in mean.stages.items():
        table.add_row(name, *_numbers(seconds), _WHAT[name])
    table.add_row("together", *_numbers(mean.whole), f"mean of {len(profile.spent)}", style="bold")
    err.print(table)
    err.print(f"once, for the warm process: {profile.warm_wall:.1f} s wall, {profile.warm_cpu:.1f} CPU s")


def _numbers(seconds: Seconds) -> tuple[str, ...]:
    return tuple(f"{n:.3f}" for n in (seconds.wall, seconds.cpu, seconds.grader, seconds.student, seconds.judge))
