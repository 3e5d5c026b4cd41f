"""Follows how right work is graded: do its cells run, and does it pass with other inputs too?

The notebook runs once; what is repeated is the judging, with the inputs of further seeds."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from autograder.assignment import Assignment
from autograder.audit.cells import failed_cells, hopeless
from autograder.build.outputs import Outputs, outputs_of
from autograder.errors import Seq2gradeError
from autograder.model import CheckResult, Execution, Status
from autograder.pipeline import Onlooker
from autograder.request import TOO_MUCH

Results = tuple[CheckResult, ...]


@dataclass
class Witness(Onlooker):
    """`seeds` are further ones to judge at, while that takes no longer than `seconds` in all; `cells` says what did not
    run, where each cell `must_run`; `outputs` what all of them showed; `verdicts` are those of every seed, the first
    one's included."""

    assignment: Assignment
    seed: int
    seeds: Collection[int] = ()
    seconds: float = float("inf")
    must_run: bool = True
    cells: tuple[str, ...] = ()
    outputs: Outputs = field(default_factory=dict)
    verdicts: dict[int, Results] = field(default_factory=dict)
    broken: str = ""

    def ran(self, execution: Execution) -> str:
        self.cells, self.verdicts, self.broken = (), {}, ""
        self.outputs = outputs_of(execution.notebook)
        if not self.must_run:
            return ""
        self.cells = failed_cells(self.assignment, execution)
        return "not judged, since cells did not come to their end" if hopeless(execution) else ""

    def judged(self, results: Results, again: Callable[[int], Results]) -> None:
        self.verdicts[self.seed] = results
        end = time.monotonic() + self.seconds
        if any(result.message == TOO_MUCH for result in results):
            return  # each seed would take as long
        for seed in self.seeds:
            if time.monotonic() > end:
                return
            try:
                self.verdicts[seed] = again(seed)
            except Seq2gradeError as error:
                self.broken = f"could not be judged at seed {seed}: {error}"
                return

    def unsteady(self, items: Collection[str] | None = None) -> tuple[str, ...]:
        """One line for each check (of `items`, or all) that passes at some seeds and not at others."""
        return unsteady(self.verdicts, items)


def unsteady(verdicts: Mapping[int, Results], items: Collection[str] | None = None) -> tuple[str, ...]:
    """As Witness.unsteady. What fails at each seed is told elsewhere: it is wrong, not unsteady."""
    count = len(verdicts)
    missed: dict[str, list[tuple[int, CheckResult]]] = {}
    for seed, results in verdicts.items():
        for result in results:
            if result.status is not Status.PASSED and (items is None or result.item in items):
                missed.setdefault(result.name, []).append((seed, result))
    return tuple(
        f"{name} failed at {len(found)} of {count} seeds: {found[0][1].message} {found[0][1].hint}".rstrip()
        + f" [seed {found[0][0]}]"
        for name, found in missed.items()
        if len(found) < count
    )
