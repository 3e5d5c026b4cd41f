"""An exam is sat, as docs/exam.md says: real papers, the real sandbox, the real gradebook."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from autograder.gradebook import CourseGradebook, database_url
from autograder.gradebook.signed import VARIABLE
from autograder.notebooks import grade_id_of, source_of
from autograder.questions.marking import mark
from autograder.questions.paper import Papers, read_papers
from autograder.questions.templates import Question, shown
from tests.exam.plans import ROOT

if TYPE_CHECKING:
    from tests.commands import Command
    from tests.courses import Demo

pytest_plugins = ["tests.courses", "tests.commands"]
PAGE = (ROOT / "docs" / "exam.md").read_text(encoding="utf-8")
LATE = 'c.AssignLatePenalties.plugin_class = "autograder.gradebook.late.PerDay"\nc.PerDay.grace_minutes = 5\n'
CLASS = ("ada", "bob", "carl", "dora", "eve")


@pytest.fixture
def sample(course: Demo, monkeypatch: pytest.MonkeyPatch) -> Demo:
    """The course with the bank, the sample blueprint and a class. Its secret is known, so nothing here is chance."""
    shutil.copytree(ROOT / "exams", course.root / "exams")
    (course.root / "class.csv").write_text("student\n" + "\n".join(CLASS), encoding="utf-8")
    key = course.root.parent / "key"
    key.write_text("5a" * 32 + "\n", encoding="ascii")
    monkeypatch.setenv(VARIABLE, str(key))
    with (course.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(LATE)
    return course


def commands(begin: str) -> list[list[str]]:
    """The seq2grade lines of the page's shell blocks whose arguments begin so."""
    lines = [line for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.M | re.S) for line in block.splitlines()]
    found = [shlex.split(line, comments=True)[1:] for line in lines]
    return [arguments for arguments in found if " ".join(arguments).startswith(begin)]


def run(seq2grade: Command, begin: str, code: int = 0) -> str:
    """Run the page's commands that begin so; what they printed."""
    chosen = commands(begin)
    assert chosen, f"docs/exam.md has no line that begins with {begin}"
    ran = [seq2grade(*arguments) for arguments in chosen]
    assert [one.code for one in ran] == [code] * len(ran), ran
    return "".join(one.out + one.err for one in ran)


def answers(papers: Papers, student: str) -> dict[str, str]:
    """The right answers of one student's paper, as Python, in forms that differ from question to question."""
    return {one.name: _said(n, one) for n, one in enumerate(papers.papers[student].questions)}


def _said(number: int, one: Question) -> str:
    if one.kind != "number":
        return repr(one.letters.upper() if number % 2 else set(one.letters))
    return (
        repr(one.key)
        if number % 3 == 0
        else repr(f"{shown(one.key)} {one.unit}" if number % 3 == 1 else shown(one.key))
    )


def hand_in(course: Demo, student: str, said: dict[str, str], when: str = "", paper: str = "") -> None:
    """Fill in the notebook of `paper` (the student's own) and hand it in as `student`, at a time in UTC."""
    path = course.root / "exams" / "sample" / "papers" / (paper or student) / "sample.ipynb"
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if (name := grade_id_of(cell)) in said:
            cell["source"] = f'answers["{name}"] = {said[name]}'
    place = course.root / "submitted" / student / "sample"
    place.mkdir(parents=True)
    (place / "sample.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    if when:
        (place / "timestamp.txt").write_text(f"2027-02-01 {when}:00.000000 UTC\n", encoding="utf-8")


def scores(course: Demo) -> dict[str, tuple[float, float]]:
    """Student -> points and what being late took off, as nbgrader's gradebook has them."""
    with CourseGradebook(database_url(course.root)) as book:
        return {row.student: (row.score, row.penalty) for row in book.scores("sample")}


@pytest.mark.long
def test_an_exam_is_sat(sample: Demo, seq2grade: Command) -> None:
    """Right answers in any form earn everything, within one's own extra time too; a neighbour's earn what they are by
    chance; who is late loses what the course says; paper counts as a notebook does; who has no paper loses nothing,
    and who stays away is not there. Papers that were issued stay when somebody is added."""
    printed = run(seq2grade, "exam make")
    assert "sample: 5 papers, 5 of them new" in printed
    papers = read_papers(sample.root / "assignments" / "sample" / "papers.json")
    given_out(sample, papers)

    said = {student: answers(papers, student) for student in CLASS}
    hand_in(sample, "ada", said["ada"], "08:54")
    hand_in(sample, "bob", said["ada"], "08:30", paper="ada")
    hand_in(sample, "carl", {**said["carl"], "q1": '"z"'}, "08:54")
    typed(sample.root / "typed.csv", papers, "dora")
    left = run(seq2grade, "exam enter", 1)
    assert "line 14: 'nobody' has no paper" in left
    run(seq2grade, "grade submitted/")

    found = scores(sample)
    copied = [mark(one, _plain(said["ada"][one.name])).right for one in papers.papers["bob"].questions]
    by_chance = sum(one.points for one, right in zip(papers.papers["bob"].questions, copied, strict=True) if right)
    assert by_chance < 7
    assert found == {"ada": (21.0, 0.0), "bob": (by_chance, 0.0), "carl": (20.0, 2.0), "dora": (21.0, 0.0)}
    told = (sample.root / "reports" / "sample" / "feedback" / "bob" / "feedback.md").read_text(encoding="utf-8")
    wrong = [one for one, right in zip(papers.papers["bob"].questions, copied, strict=True) if not right]
    assert all(f"Question {one.name[1:]}: " in told for one in wrong)
    numbers = set(re.findall(r"\d[\d,.]*\d", told))
    assert not numbers & {shown(one.key) for one in wrong if one.kind == "number" and one.key > 30}
    assert "| 4 | 0 |" in run(seq2grade, "exam report")

    hand_in(sample, "ghost", said["eve"], paper="eve")
    ran = seq2grade("grade", "submitted/")
    assert ran.code == 1
    assert "12 checks could not be run" in ran.out
    again = seq2grade("exam", "make", "exams/sample.toml", "--class", "class.csv", "--student", "ghost")
    assert "sample: 6 papers, 1 of them new" in again.out
    anew = read_papers(sample.root / "assignments" / "sample" / "papers.json")
    assert all(anew.papers[student] == papers.papers[student] for student in CLASS)
    opened_alone(sample, seq2grade)


def given_out(course: Demo, papers: Papers) -> None:
    """What lies in papers/ holds each student's questions and nobody's key; the key is for its owner's eyes."""
    place = course.root / "exams" / "sample"
    assert sorted(path.name for path in (place / "papers").iterdir()) == sorted(CLASS)
    for student in CLASS:
        assert sorted(path.name for path in (place / "papers" / student).iterdir()) == ["sample.ipynb", "sample.pdf"]
        text = (place / "papers" / student / "sample.ipynb").read_text(encoding="utf-8")
        notebook = nbformat.reads(text, as_version=4)
        nbformat.validate(notebook)
        prose = "\n".join(source_of(cell) for cell in notebook.cells)
        for one in papers.papers[student].questions:
            assert all(part in prose for part in (one.text, *(option.text for option in one.options)))
            hidden = [one.worked, *(s.explain for s in one.slips), *(o.explain for o in one.options)]
            assert not any(part in text for part in hidden)
            assert one.kind != "number" or shown(one.key) not in prose or one.key < 100
        assert ("09:55" if student == "ada" else "09:40") in source_of(notebook.cells[0])
    for path in (place / "key" / "key.json", place / "key" / "key.pdf", place / "print.pdf"):
        assert path.stat().st_mode & 0o077 == 0
    assert (course.root / "assignments" / "sample" / "papers.json").stat().st_mode & 0o077 == 0
    key = json.loads((place / "key" / "key.json").read_text(encoding="utf-8"))
    assert all(mark(one, key[s][one.name]["answer"]).right for s in CLASS for one in papers.papers[s].questions)


def opened_alone(course: Demo, seq2grade: Command) -> None:
    """Where the exam closes at a time, a paper is opened for one student; again it is the same one, with its clock."""
    path = course.root / "exams" / "sample.toml"
    text = path.read_text(encoding="utf-8").replace("2027-02-01T09:00", "2020-02-01T09:00")
    path.write_text(text.replace("minutes = 40", "minutes = 40\ncloses = 2099-01-01T00:00:00+01:00"), encoding="utf-8")
    paper = course.root / "exams" / "sample" / "papers" / "eve" / "sample.ipynb"
    seen = []
    for _ in range(2):
        ran = seq2grade("exam", "open", "sample", "eve")
        assert (ran.code, ran.err) == (0, "")
        seen.append((ran.out, paper.read_bytes(), (course.root / "extensions.toml").read_bytes()))
    assert seen[0] == seen[1]
    assert b"\neve = " in seen[0][2]
    assert b"Opened " in seen[0][1]
    assert seq2grade("exam", "open", "sample", "nobody").code == 2


def typed(path: Path, papers: Papers, student: str) -> None:
    """A file of answers that were written on paper, and a line of somebody who is not in the class."""
    lines = []
    for one in papers.papers[student].questions:
        answer = shown(one.key) if one.kind == "number" else one.letters
        lines.append(f'{student},{one.name},"{answer}",2027-02-01T09:42:00+01:00')
    text = "\n".join(["student,question,answer,handed_in", *lines, "nobody,q1,a,"])
    path.write_text(text + "\n", encoding="utf-8")


def _plain(code: str) -> Any:
    return eval(code, {"__builtins__": {}})


def test_practice_is_written_and_drawn_anew(sample: Demo, seq2grade: Command) -> None:
    """The page's command writes a notebook of so many questions; twice it is another one, with a word the same."""
    line = commands("exam practice")[0]
    found = []
    for more in ((), (), ("--seed", "x"), ("--seed", "x")):
        assert seq2grade(*line, *more).code == 0
        found.append((sample.root / "practice.ipynb").read_text(encoding="utf-8"))
    assert found[0] != found[1]
    assert found[2] == found[3]
    assert found[2].count("quiz.answer(") == 5


def test_an_exam_keeps_to_itself(sample: Demo, seq2grade: Command) -> None:
    """It never takes an assignment's place; nothing can be opened, entered or reported that is not there."""
    plan = (sample.root / "exams" / "sample.toml").read_text(encoding="utf-8")
    for name in ("exams/demo.toml", "elsewhere.toml"):
        (sample.root / name).write_text(plan, encoding="utf-8")
    for arguments, says in (
        (("make", "exams/demo.toml", "--student", "ada"), "is an assignment and no exam"),
        (("make", "elsewhere.toml", "--student", "ada"), "expected a blueprint in"),
        (("make", "exams/none.toml", "--student", "ada"), "expected a file"),
        (("open", "none", "ada"), "expected the papers of an exam"),
        (("report", "none"), "expected the papers of an exam"),
        (("enter", "none", "class.csv"), "expected the papers of an exam"),
    ):
        ran = seq2grade("exam", *arguments)
        assert ran.code == 2
        assert says in ran.err


def test_the_page_names_what_there_is() -> None:
    """Every command of `seq2grade exam` is told on the page, and its question can be drawn."""
    for name in ("make", "open", "enter", "practice", "report"):
        assert f"seq2grade exam {name}" in PAGE
    code = re.search(r"^```python\n(.*?)^```$", PAGE, re.M | re.S)
    assert code is not None
    space: dict[str, Any] = {}
    exec(code[1], space)
    from autograder.exam.assemble import drawn_from
    from autograder.questions.draws import Draws
    from autograder.questions.templates import MARK

    for seed in range(20):
        drawn_from(getattr(space["ring_rounds"], MARK), Draws(b"x", str(seed)), seed % 2 == 0)
