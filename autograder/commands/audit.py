"""`seq2grade audit`."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from autograder.commands.shared import HERE, Device, Ids, Jobs, Root, Sandbox, Seed, chosen, err, ids_of, out, slow
from autograder.errors import Seq2gradeError

if TYPE_CHECKING:
    from autograder.audit.quick import QuickAudit

_SEEDS = 5  # inputs, unless somebody says otherwise


def audit(
    ids: Ids = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the matrix here.")] = None,
    course: Root = HERE,
    jobs: Jobs = 0,
    sandbox: Sandbox = "auto",
    seed: Seed = None,
    each: Annotated[bool, typer.Option("--each", help="One submission per case, never several in one.")] = False,
    seeds: Annotated[
        int | None, typer.Option(min=1, help="How many inputs right work is judged with (5); with --quick, all (1).")
    ] = None,
    device: Device = "auto",
    quick: Annotated[bool, typer.Option("--quick", help="Instead, without a sandbox: minutes, not hours.")] = False,
    mutants: Annotated[
        int, typer.Option(min=0, help="Instead, so many machine-made mistakes an item, at --seeds inputs.")
    ] = 0,
    items: Annotated[list[str] | None, typer.Option("--item", help="With --mutants: this item only.")] = None,
    adopt: Annotated[str, typer.Option(help="With --mutants: declare this mutant as a mistake.")] = "",
) -> None:
    """Grade every declared mistake and alternative: is each check sharp, and is it fair?"""
    if mutants or items or adopt:
        _audit_mutants(course, ids, mutants, seeds or _SEEDS, seed, items or [], adopt, json_file)
    if quick:
        if json_file is not None or each:
            raise Seq2gradeError("--quick says what is wrong and has no matrix: leave out --json and --each")
        _audit_quickly(course, ids, seed, seeds or 1)
    from autograder.audit import show
    from autograder.course import Course, Spec, by_device

    if sandbox == "none" and platform.system() != "Linux":
        _audit_elsewhere(course, ids)
    audits = []
    for fit, names in by_device(course, chosen(ids_of(course), ids), device).items():
        with Course.open(Spec(course, sandbox, fit), names) as opened:
            opened.judges.slow = slow
            audits += [show.run(opened, name, jobs, seed, err, each, seeds or _SEEDS) for name in names]
    for result in audits:
        show.print_matrix(result, out)
    if json_file is not None:
        from autograder.writing import write_text

        write_text(json_file, json.dumps([show.as_data(a) for a in audits], indent=2) + "\n")
    raise typer.Exit(1 if any(a.problems for a in audits) else 0)


def _audit_mutants(
    course: Path, ids: Sequence[str] | None, count: int, seeds: int, seed: int | None, items: Sequence[str],
    name: str, json_file: Path | None,
) -> NoReturn:  # fmt: skip
    """Machine-made mistakes, in forks of this process: the code is the course's own."""
    from autograder.assignment import load_assignment
    from autograder.audit.mutants import show
    from autograder.audit.mutants.adopt import adopt
    from autograder.audit.mutants.run import Plan
    from autograder.judge.trusted import Trusted

    if not count and not name:
        raise Seq2gradeError("--item goes with --mutants N")
    folders = [course.resolve() / "assignments" / id for id in chosen(ids_of(course), ids)]
    loaded = [load_assignment(folder) for folder in folders]
    if unknown := set(items) - {item.id for one in loaded for item in one.items}:
        raise Seq2gradeError(f"no item is called {', '.join(sorted(unknown))}")
    first = 1 if seed is None else seed
    plan = Plan(count, tuple(range(first, first + seeds)), tuple(items), name=name)
    if items:
        loaded = [one for one in loaded if {item.id for item in one.items} & set(items)]
    audits = [show.run(Trusted.load(one), plan, err) for one in loaded]
    if name:
        found = [(one, tried) for one, audit in zip(loaded, audits, strict=True) for tried in audit.tried]
        if len(found) != 1:
            raise Seq2gradeError(f"{len(found)} mutants are called {name}; --mutants lists their names")
        out.print(f"{adopt(*found[0])}: say in words of your own what the student thinks", soft_wrap=True)
        raise typer.Exit(0)
    for result in audits:
        show.print_mutants(result, out)
    if json_file is not None:
        from autograder.writing import write_text

        write_text(json_file, json.dumps([show.as_data(one) for one in audits], indent=2) + "\n")
    raise typer.Exit(1 if any(one.problems for one in audits) else 0)


def _audit_quickly(course: Path, ids: Sequence[str] | None, seed: int | None, seeds: int) -> NoReturn:
    """Every mistake and alternative without sandbox, wire and pipeline: no matrix, but what is wrong."""
    from autograder.assignment import load_assignment
    from autograder.audit.quick import quick_audit
    from autograder.judge.trusted import Trusted

    folders = [course.resolve() / "assignments" / id for id in chosen(ids_of(course), ids)]
    first = 1 if seed is None else seed
    _say((quick_audit(Trusted.load(load_assignment(one)), first, seeds=seeds) for one in folders), "not in a sandbox")


def _audit_elsewhere(course: Path, ids: Sequence[str] | None) -> NoReturn:
    """Without a sandbox, on another system than Linux: no matrix, but what is wrong."""
    from autograder import publish
    from autograder.assignment import find_assignments

    wanted = chosen([folder.name for folder in find_assignments(course.resolve())], ids)
    _say(publish.audit_elsewhere(course.resolve(), wanted), "tried in this process; grading needs Linux")


def _say(audits: Iterable[QuickAudit], how: str) -> NoReturn:
    """Print what is wrong with each as soon as that is known."""
    wrong = False
    for result in audits:
        told = f"{result.assignment}: {result.tried} mistakes and alternatives, {len(result.problems)} problems"
        out.print(f"{told} ({how})", soft_wrap=True)
        for line in result.problems:
            out.print(f"    {line}", markup=False, soft_wrap=True)
        wrong |= bool(result.problems)
    raise typer.Exit(1 if wrong else 0)
