"""`seq2grade …`: arguments in, rendering out, nothing else.

Exit codes: 0 done; 1 done, but something needs a person (drift, a failed build or audit, points that could
not be checked, a submission that belongs to no assignment or cannot be saved under its name); 2 wrong arguments
or configuration; 3 no sandbox on this machine.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from autograder.errors import SandboxUnavailable, Seq2gradeError

app = typer.Typer(
    help="Build auto-graded deep-learning assignments and grade submissions in a sandbox.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

Root = Annotated[Path, typer.Option("--course", help="The course folder (holds assignments/).")]
Ids = Annotated[list[str] | None, typer.Argument(help="Assignment ids; all when left out.")]
Sandbox = Annotated[str, typer.Option(help="auto, namespaces, container or none.")]
Jobs = Annotated[int, typer.Option(min=0, help="Submissions at the same time; 0: one per processor.")]
Seed = Annotated[int | None, typer.Option(help="Seed of the hidden inputs; drawn anew when left out.")]
HERE = Path()


@app.command()
def new(assignment: str, course: Root = HERE) -> None:
    """Write a complete, buildable example assignment to start from."""
    from autograder.build import new_assignment

    folder = new_assignment(course, assignment)
    told = f"{folder}\nNext: seq2grade build {assignment} && seq2grade audit {assignment}"
    out.print(told, markup=False, soft_wrap=True)


@app.command()
def build(
    ids: Ids = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 when something would change.")] = False,
    course: Root = HERE,
    sandbox: Sandbox = "auto",
) -> None:
    """Compile assignments to source/, release/ and solutions/, and prove them with their own solution."""
    from autograder import publish

    problems = 0
    for report in publish.build(course.resolve(), ids or (), check=check, sandbox=sandbox):
        mark = "[red]✗[/]" if report.problems else "[green]✓[/]"
        out.print(f"{mark} {report.subject}: {report.summary}", soft_wrap=True)
        for line in report.problems:
            out.print(f"    {line}", markup=False, soft_wrap=True)
        problems += bool(report.problems)
    raise typer.Exit(1 if problems else 0)


@app.command()
def grade(
    paths: Annotated[list[Path], typer.Argument(help="Notebooks, or folders in nbgrader's submitted/ layout.")],
    assignment: Annotated[str | None, typer.Option(help="Assignment id, when the path does not tell.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Results as JSON; - prints them.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write class report and feedback pages into this folder.")] = None,
    gradebook: Annotated[bool | None, typer.Option(help="Save scores (default: for folders only).")] = None,
    jobs: Jobs = 0,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    sandbox: Sandbox = "auto",
    seed: Seed = None,
    retrain: Annotated[bool, typer.Option("--retrain", help="Train models anew; do not load those handed in.")] = False,
    course: Root = HERE,
) -> None:
    """Grade submissions: run them in a sandbox, judge them from outside, save, report."""
    from autograder import batch
    from autograder.report.terminal import score_table

    plan = batch.Plan(
        course.resolve(), tuple(paths), assignment, jobs, device, sandbox, seed, report, gradebook, retrain=retrain
    )
    with batch.progress(err) as listener:
        done = batch.run(plan, listener)
    if json_file is not None:
        from autograder.export.results import dumps

        text = dumps(done.grades)
        if str(json_file) == "-":
            sys.stdout.write(text)
        else:
            json_file.parent.mkdir(parents=True, exist_ok=True)
            json_file.write_text(text, encoding="utf-8")
    shown = err if str(json_file) == "-" else out
    shown.print(score_table(done.grades))
    for line in done.notes:
        shown.print(line, markup=False, soft_wrap=True)
    for line in done.problems:
        shown.print(line, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(1 if done.problems or any(g.pending for g in done.grades) else 0)


@app.command()
def audit(
    ids: Ids = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the matrix here.")] = None,
    course: Root = HERE,
    jobs: Jobs = 0,
    sandbox: Sandbox = "auto",
    seed: Seed = None,
    each: Annotated[bool, typer.Option("--each", help="One submission per case, never several in one.")] = False,
) -> None:
    """Grade every declared mistake and alternative: is each check sharp, and is it fair?"""
    from autograder.audit import show
    from autograder.pipeline import Course

    with Course.open(course, sandbox) as opened:
        audits = [show.run(opened, name, jobs, seed, err, each) for name in _chosen(opened.ids(), ids)]
    for result in audits:
        show.print_matrix(result, out)
    if json_file is not None:
        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_text(json.dumps([show.as_data(a) for a in audits], indent=2) + "\n", encoding="utf-8")
    raise typer.Exit(1 if any(a.problems for a in audits) else 0)


@app.command()
def train(
    ids: Ids = None,
    profile: Annotated[str, typer.Option(help="full or fast; only the full one is kept.")] = "full",
    again: Annotated[bool, typer.Option("--again", help="Train everything, also what is there already.")] = False,
    course: Root = HERE,
) -> None:
    """Run reference solutions outside the sandbox and keep the models they train (assignments/<id>/handin)."""
    from autograder import train as training
    from autograder.assignment import find_assignments

    if profile not in training.CHECKPOINTS:
        raise Seq2gradeError(f"no profile is called {profile!r}: use full or fast")
    folders = {folder.name: folder for folder in find_assignments(course.resolve())}
    for name in _chosen(list(folders), ids):
        done = training.train(folders[name], profile, again)
        size = sum(done.files.values()) / 2**20
        out.print(f"{name}: ran in {done.seconds:.0f} s; {len(done.files)} models, {size:.1f} MB")


@app.command()
def calibrate(
    ids: Annotated[list[str], typer.Argument(help="Assignment ids.")],
    seeds: Annotated[int, typer.Option(min=8, help="How many times the reference is trained.")] = 8,
    jobs: Annotated[int, typer.Option(min=1, help="Seeds at the same time.")] = 1,
    course: Root = HERE,
) -> None:
    """Train the reference over several seeds; write thresholds with their false-fail bounds (calibration.json)."""
    from autograder.assignment import find_assignments
    from autograder.calibrate import calibrate as measure

    folders = {folder.name: folder for folder in find_assignments(course.resolve())}
    for name in _chosen(list(folders), ids):
        path = measure(folders[name], seeds, jobs, lambda seed, found: out.print(f"seed {seed}: {dict(found)}"))
        out.print(str(path), markup=False, soft_wrap=True)


def _chosen(known: Sequence[str], wanted: Sequence[str] | None) -> list[str]:
    unknown = [name for name in wanted or () if name not in known]
    if unknown:
        raise Seq2gradeError(f"no assignment called {', '.join(unknown)}; there are {', '.join(known) or 'none'}")
    return list(wanted or known)


@app.command()
def coverage(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 on drift.")] = False, course: Root = HERE
) -> None:
    """Write docs/coverage.md: which question of the source documents is covered, and how well."""
    from autograder import publish

    changed = publish.write_coverage(course.resolve(), write=not check)
    out.print("docs/coverage.md " + ("differs" if changed and check else "written" if changed else "is up to date"))
    raise typer.Exit(1 if changed and check else 0)


@app.command()
def doctor(sandbox: Sandbox = "auto") -> None:
    """Tell what this machine offers for grading, and what is missing."""
    from autograder.sandbox.doctor import examine

    table = Table("", "what", "finding", box=None, pad_edge=False)
    marks = {"ok": "[green]✓[/]", "note": "[yellow]·[/]", "missing": "[red]✗[/]"}
    trial = "ok"
    for finding in examine(sandbox):
        table.add_row(marks[finding.level], finding.name, finding.text)
        trial = finding.level
    out.print(table)
    raise typer.Exit(0 if trial == "ok" else 3)


@app.command()
def demo(
    assignment: str = "rnn_backprop",
    folder: Annotated[Path, typer.Option(help="Where the made-up class and its reports go.")] = Path("demo"),
    course: Root = HERE,
    jobs: Jobs = 0,
    sandbox: Sandbox = "auto",
) -> None:
    """Write a class of made-up submissions, grade it, and say where the report is."""
    from autograder import batch
    from autograder.report.terminal import score_table

    plan = batch.make_demo(course.resolve(), assignment, folder.resolve(), jobs, sandbox)
    with batch.progress(err) as listener:
        done = batch.run(plan, listener)
    out.print(score_table(done.grades))
    for line in done.notes:
        out.print(line, markup=False, soft_wrap=True)


def main() -> None:
    """The console script: our errors become one clear line and an exit code."""
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    try:
        app()
    except SandboxUnavailable as error:
        err.print(f"seq2grade: {error}", style="red", markup=False, soft_wrap=True)
        sys.exit(3)
    except Seq2gradeError as error:
        err.print(f"seq2grade: {error}", style="red", markup=False, soft_wrap=True)
        sys.exit(2)
