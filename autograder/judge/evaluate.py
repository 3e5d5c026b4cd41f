"""All checks of an assignment against one finished notebook: verdicts, errors carried forward, diagnosis."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from autograder.assignment import Assignment, Item, Mistake
from autograder.judge.blame import settled
from autograder.judge.budget import EXPLAIN_SECONDS, Overrun, bounded
from autograder.judge.fingerprint import Trace, agreed, closest
from autograder.judge.registry import Check
from autograder.judge.sources import Facts
from autograder.judge.tries import CheckPort, OpenPort, Tries
from autograder.judge.trusted import Trusted
from autograder.model import CheckResult, Status

__all__ = ["CheckPort", "OpenPort", "Watch", "evaluate"]


class Watch:
    """Hears how far the judging has come; this one is deaf."""

    def begins(self, check: Check, spent: float) -> None:
        """What happens from here on happens because of this check. The notebook's code took `spent` seconds so far."""

    def verdict(self, result: CheckResult) -> None:
        """The verdict of a check, before errors are carried forward."""

    def decided(self, results: Sequence[CheckResult]) -> None:
        """All verdicts. What follows are explanations."""


def evaluate(
    trusted: Trusted, open_port: OpenPort, seed: int, items: tuple[str, ...] = (),
    untouched: frozenset[str] = frozenset(), seconds: float = math.inf, facts: Facts | None = None,
    known: Mapping[str, CheckResult] = MappingProxyType({}), watch: Watch = Watch(),  # noqa: B008 - it has no state
    forks: bool = True,
) -> tuple[CheckResult, ...]:  # fmt: skip
    """Run every check (of `items`, or all). `open_port(references)` gives a fresh fork of the notebook; `untouched`:
    items whose answer is as it was released, about which there is nothing to explain or to carry forward; `seconds`:
    what the notebook's code may take for all checks together; `facts`: the cells that ran, for messages that say where
    an exception comes from; `known`: verdicts that stand already, by check; `forks`: whether ports lead to forks, or
    all to one process, which a check can take along.

    Raises SandboxError when the machine fails; nothing a student does is raised."""
    chosen = [item.id for item in trusted.assignment.items if not items or item.id in items]
    checks = [check for item in chosen for check in trusted.checks_of(item)]
    results: dict[str, CheckResult] = {}
    traces: dict[str, Trace] = {}
    results.update((check.name, known[check.name]) for check in checks if check.name in known)
    traces.update((name, Trace(result.status, [])) for name, result in results.items())
    with Tries(open_port, seed, seconds, facts, forks) as tries:
        # a judge that goes on where another one died comes too late for that
        drawn = {} if known else tries.pictures([check for check in checks if check.item not in untouched])
        for last in (False, True):  # what runs out of time waits until the others are judged
            for check in (check for check in checks if check.name not in results):
                watch.begins(check, tries.spent)
                found = tries.judge(check, last)
                if found is not None:
                    verdict, seen = found
                    results[check.name] = settled(check, verdict, seen.replies, trusted.reference, seed)
                    traces[check.name] = Trace(results[check.name].status, seen.replies)
                    watch.verdict(results[check.name])
        results = {check.name: results[check.name] for check in checks}
        clean = set(chosen) - {r.item for r in results.values() if r.status is not Status.PASSED}
        for check in checks:
            result, trace = results[check.name], traces[check.name]
            if result.status is Status.FAILED and check.item not in untouched:
                watch.begins(check, tries.spent)
                results[check.name] = _carry_forward(trusted, check, result, trace, tries, clean)
    for name, picture in drawn.items():
        results[name] = replace(results[name], picture=results[name].picture or picture)
    watch.decided(tuple(results.values()))
    with suppress(Overrun), bounded(EXPLAIN_SECONDS):
        _explain(trusted, results, traces, seed, untouched)
    return tuple(results.values())


def _carry_forward(
    trusted: Trusted, check: Check, result: CheckResult, trace: Trace, tries: Tries, clean: set[str]
) -> CheckResult:
    """A failure that vanishes with the reference versions of earlier items is not charged a second time."""
    needed = trusted.assignment.item(check.item).needs
    if not needed or set(needed) <= clean:
        return result
    stand_ins = trusted.stand_ins(check.item)
    again = tries.carry(check, stand_ins, trace) if stand_ins else None
    if again is None:
        return result
    detail = f"passed with reference {', '.join(sorted(stand_ins))}; seed {tries.seed}"
    return replace(again, carried=True, detail=detail)


def _explain(
    trusted: Trusted, results: dict[str, CheckResult], traces: Mapping[str, Trace], seed: int, untouched: frozenset[str]
) -> None:
    """Put the explanation of a matching declared mistake on the failed checks of its item.

    An answer that is right can fail its checks by what another answer does to it: where a mistake that was found there
    fits as well as one of its own, it is not told about the latter."""
    failed = [item for item in trusted.assignment.items if item.id not in untouched and _fails(trusted, item, results)]
    checks = {item.id: [c for c in trusted.checks_of(item.id) if c.name in results] for item in failed}
    seen = {id: {c.name: traces[c.name] for c in held} for id, held in checks.items()}
    found: dict[str, tuple[Mistake, ...]] = {}
    for item in failed:
        own = [(m, partial(trusted.with_mistake, m)) for m in trusted.mistakes_of(item.id)]
        found[item.id] = closest(checks[item.id], seen[item.id], own, seed, trusted.traces)
    for item in failed:
        fits = found[item.id]
        reaching = _reaching(trusted.assignment, item)
        others = [m for there, held in found.items() if there != item.id for m in held if m.cell in reaching]
        if fits and others:
            rivals = [(m, partial(trusted.with_mistake, m, item.id)) for m in (*fits, *others)]
            fits = closest(checks[item.id], seen[item.id], rivals, seed, trusted.traces)
        explain, thinks = agreed(fits)
        for check in checks[item.id]:
            if explain and results[check.name].status is Status.FAILED:
                results[check.name] = replace(results[check.name], mistake=explain, thinks=thinks)


def _fails(trusted: Trusted, item: Item, results: Mapping[str, CheckResult]) -> bool:
    return any(c.name in results and results[c.name].status is Status.FAILED for c in trusted.checks_of(item.id))


def _reaching(assignment: Assignment, item: Item) -> frozenset[str]:
    """The cells whose answers may change what the checks of `item` see: its own, those of items that it needs, and
    those that belong to no item."""
    ids, found = [item.id], {item.id}
    while ids:
        new = set(assignment.item(ids.pop()).needs) - found
        ids += new
        found |= new
    unrelated = {other.answer for other in assignment.items} - {assignment.item(id).answer for id in found}
    return frozenset(cell.grade_id for cell in assignment.cells) - unrelated
