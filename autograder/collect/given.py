"""The files that the course gives along with a notebook: its own copy counts, whatever a student hands in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from autograder.model import Collected, Repair


def with_given(collected: Collected, given: Mapping[str, bytes]) -> Collected:
    """The submission with the course's files beside it. A student's own file that would stand in the place of one is
    left out; that is told unless it is the same."""
    folders = {str(above) for name in given for above in PurePosixPath(name).parents} - {"."}
    kept: dict[str, bytes] = {}
    told: list[Repair] = []
    for name, data in collected.files.items():
        below = next((str(above) for above in PurePosixPath(name).parents if str(above) in given), "")
        if name not in given and name not in folders and not below:
            kept[name] = data
        elif given.get(name) != data:
            told.append(
                Repair(
                    "files",
                    "",
                    f"The file {name} was not used: {below or name} is part of the assignment, "
                    "and the assignment's own copy was taken.",
                )
            )
    return replace(collected, files=kept, given=dict(given), repaired=(*collected.repaired, *told))
