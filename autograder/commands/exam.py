"""`seq2grade exam`: papers drawn for each student, practice, answers from paper, and what the questions were like."""

from __future__ import annotations

import datetime
import json
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.commands.shared import HERE, Root, Sandbox, check_config, out, say
from autograder.errors import Seq2gradeError

if TYPE_CHECKING:
    from autograder.questions.paper import Papers

app = typer.Typer(no_args_is_help=True, help="Exams: a paper for each student, drawn from the course's bank.")
Plan = Annotated[Path, typer.Argument(help="The blueprint, exams/<id>.toml.")]
Exam = Annotated[str, typer.Argument(help="The exam's id.")]


@app.command()
def make(
    blueprint: Plan,
    roster: Annotated[Path | None, typer.Option("--class", help="CSV with a column `student`, or of names.")] = None,
    student: Annotated[list[str] | None, typer.Option(help="A student more; may be given several times.")] = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="Draw all papers again; those printed are then worth nothing.")
    ] = False,
    course: Root = HERE,
    sandbox: Sandbox = "auto",
) -> None:
    """Draw a paper for each student: notebooks, papers to print, and a key. Papers that were issued stay."""
    from autograder.exam.blueprint import read_blueprint, read_class
    from autograder.exam.make import make as made

    check_config(course)
    plan = read_blueprint(blueprint)
    done = made(course.resolve(), plan, read_class(roster, student or ()), sandbox, anew)
    out.print(f"{plan.id}: {len(done.students)} papers, {len(done.added)} of them new", soft_wrap=True)
    places = {"for students": done.papers, "to print": done.papers.parent / "print.pdf", "key": done.key}
    for told, path in places.items():
        if path.exists():
            out.print(f"  {told}: {path}", markup=False, soft_wrap=True)
    if plan.table.closes is not None:
        out.print(f"  each paper is written when it is opened: seq2grade exam open {plan.id} STUDENT", soft_wrap=True)
    for note in done.notes:
        out.print(f"  {note}", markup=False, soft_wrap=True)


@app.command("open")
def open_(
    exam: Exam,
    student: Annotated[str, typer.Argument(help="Whose paper.")],
    course: Root = HERE,
) -> None:
    """Open one student's paper: their time begins. Again shows the same paper with the clock that runs."""
    from autograder.exam.blueprint import read_blueprint
    from autograder.exam.later import begin
    from autograder.exam.make import EXAMS, hand_out

    root = course.resolve()
    papers = _papers(root, exam)
    if student not in papers.students:
        raise Seq2gradeError(f"{student[:60]} has no paper in {exam}; there are {', '.join(papers.students)[:300]}")
    plan = read_blueprint(root / EXAMS / f"{exam}.toml")
    begun = begin(root, plan, student, datetime.datetime.now(tz=plan.table.opens.tzinfo))
    place = hand_out(root, plan, papers, student)
    out.print(f"{student}: opened {begun:%H:%M}, to be handed in by {plan.until(student, begun):%H:%M}", markup=False)
    out.print(f"  {place / student}", markup=False, soft_wrap=True)


@app.command()
def enter(
    exam: Exam,
    file: Annotated[Path, typer.Argument(help="CSV: student,question,answer or student,q1,q2,...")],
    into: Annotated[Path, typer.Option(help="Where submissions lie.")] = Path("submitted"),
    course: Root = HERE,
) -> None:
    """Make submissions of answers that were given on paper; `seq2grade grade` grades them like all others."""
    from autograder.exam.typed import read_typed, write_typed
    from autograder.notebooks import read_notebook

    root = course.resolve()
    found = read_typed(file, _papers(root, exam))
    release = read_notebook(root / "release" / exam / f"{exam}.ipynb")
    written, kept = write_typed(release, exam, found.students, into)
    out.print(f"{exam}: answers of {len(written)} students in {into}", markup=False, soft_wrap=True)
    for line in (*found.left, *kept):
        say(f"not used: {line}")
    raise typer.Exit(1 if found.left or kept else 0)


@app.command()
def practice(
    into: Annotated[Path, typer.Argument(help="The notebook to write.")],
    topic: Annotated[list[str] | None, typer.Option(help="Only this topic; may be given several times.")] = None,
    number: Annotated[int, typer.Option(min=1, help="How many questions, at most.")] = 10,
    choice: Annotated[bool, typer.Option("--choice", help="Choose among four numbers instead of writing one.")] = False,
    seed: Annotated[str, typer.Option(help="The same word draws the same questions.")] = "",
    course: Root = HERE,
) -> None:
    """A notebook to practise with: it says at once what holds, and why. Drawn anew each time."""
    from autograder.exam.assemble import practice as drawn
    from autograder.exam.booklet import practice_notebook
    from autograder.questions.bank import load_bank
    from autograder.writing import check_writable, write_text

    check_writable(into, "the notebook")
    # never the course's secret: a notebook to practise with must say nothing of any exam
    secret = (seed or secrets.token_hex(16)).encode()
    questions = drawn(load_bank(course.resolve()), secret, topic or (), number, choice)
    write_text(into, json.dumps(practice_notebook(questions), ensure_ascii=False, indent=1) + "\n")
    out.print(f"{into}: {len(questions)} questions", markup=False, soft_wrap=True)


@app.command()
def report(
    exam: Exam,
    into: Annotated[Path | None, typer.Option(help="Write it here, as Markdown, instead of on the screen.")] = None,
    course: Root = HERE,
) -> None:
    """How hard each question was, whether who knows more got it right, and the most common slips."""
    from autograder.exam.analysis import analyse, as_markdown
    from autograder.gradebook.kept import all_kept
    from autograder.questions.bank import load_bank
    from autograder.writing import write_text

    root = course.resolve()
    papers, grades = _papers(root, exam), all_kept(root, exam)
    if not grades:
        raise Seq2gradeError(f"nothing of {exam} was graded yet: run `seq2grade grade submitted/`")
    titles = {one.id: one.title for one in load_bank(root).values()}
    text = as_markdown(exam, analyse(papers, grades, titles), len(grades))
    if into is None:
        out.print(text, markup=False, soft_wrap=True, end="")
    else:
        write_text(into, text)
        out.print(f"{into}: {len(grades)} students", markup=False, soft_wrap=True)


def _papers(root: Path, exam: str) -> Papers:
    from autograder.questions.paper import PAPERS, read_papers

    return read_papers(root / "assignments" / exam / PAPERS)
