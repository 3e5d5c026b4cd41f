"""What machine-made mistakes came to, in lines and as data."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.progress import Progress

from autograder.audit.mutants.run import MutantAudit, Plan, audit_mutants
from autograder.judge.trusted import Trusted


def run(trusted: Trusted, plan: Plan, console: Console) -> MutantAudit:
    """Try them, counting on `console` when that is a terminal."""
    with Progress(console=console, transient=True, disable=not console.is_terminal, redirect_stdout=False) as bar:
        task = bar.add_task(f"mutants of {trusted.assignment.id}", total=None)
        return audit_mutants(trusted, plan, lambda _: bar.advance(task))


def print_mutants(audit: MutantAudit, console: Console) -> None:
    """A line of counts, then every problem: faults first, then survivors, the surest first."""
    killed = [one for one in audit.tried if one.outcome.killed]
    late, raised = sum(one.outcome.late for one in killed), sum(one.outcome.raised for one in killed)
    console.print(
        f"[bold]{audit.assignment}[/]: {len(audit.tried)} of {audit.made} mutants at {audit.seeds} seeds; "
        f"{len(killed)} caught ({raised} raise, {late} take too long), {len(audit.recorded)} recorded; "
        f"{len(audit.problems)} problems",
        soft_wrap=True,
    )
    for problem in audit.problems:
        console.print(f"  {problem}", style="red", markup=False, soft_wrap=True)


def as_data(audit: MutantAudit) -> dict[str, Any]:
    """The audit as plain data for --json."""
    return {
        "assignment": audit.assignment, "made": audit.made, "seeds": audit.seeds, "problems": list(audit.problems),
        "mutants": [
            {"name": one.mutant.name, "item": one.item, "operator": one.mutant.operator, "where": one.mutant.where,
             "mutant": [one.mutant.old, one.mutant.new], "rank": one.rank, "caught_by": list(one.outcome.failed)}
            for one in audit.tried
        ],
    }  # fmt: skip
