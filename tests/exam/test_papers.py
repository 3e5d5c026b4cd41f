"""Papers: each student's own, equal in difficulty, drawn again alike, and no key in what students get."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import AssignmentError
from autograder.exam.assemble import assemble, practice, unsound
from autograder.exam.blueprint import read_class
from autograder.exam.booklet import practice_notebook
from autograder.exam.printed import answer_of
from autograder.exam.sheet import sheet_of
from autograder.questions.marking import mark
from autograder.questions.paper import SPECIMEN, Paper, read_papers
from autograder.questions.templates import Question
from tests.exam.plans import COURSE_BANK, HEAD, ROOT, papers, plan

DRAWN = {one.template: one for one in practice(COURSE_BANK, b"x", [], 99, False)}
CLASS = [f"student{n}" for n in range(30)]


def test_papers_are_drawn_again_alike(tmp_path: Path) -> None:
    """The same secret gives the same papers, whoever else is in the class; another secret, or exam, other ones."""
    small, other = plan(tmp_path), plan(tmp_path, name="other")
    first = papers(small, "ada", "bob")
    assert papers(small, "zoe", "ada").papers["ada"] == first.papers["ada"]
    assert papers(small, "ada", secret=b"t" * 32).papers["ada"] != first.papers["ada"]
    assert papers(other, "ada").papers["ada"] != first.papers["ada"]


def test_no_two_papers_are_alike(tmp_path: Path) -> None:
    """In a class of thirty no two papers ask the same, and a neighbour's answers earn little."""
    found = papers(plan(tmp_path, (ROOT / "exams" / "sample.toml").read_text(encoding="utf-8")), *CLASS)
    shares = []
    for one, other in itertools.combinations([found.papers[student] for student in CLASS], 2):
        assert one.questions != other.questions
        hits = sum(mark(b, answer_of(a)).right for a, b in zip(one.questions, other.questions, strict=True))
        shares.append(hits / len(one.questions))
    assert max(shares) < 0.7
    assert sum(shares) / len(shares) < 0.25


def test_difficulty_is_equal(tmp_path: Path) -> None:
    """Everybody has the same strata (topic, level, time, kind) in each section, the same points, and each question
    once; without `mix` the very same questions of the bank."""
    found = papers(plan(tmp_path, (ROOT / "exams" / "sample.toml").read_text(encoding="utf-8")), *CLASS)
    mixes = {_strata(found.papers[student].questions) for student in CLASS}
    assert len(mixes) == 1
    for student in CLASS:
        questions = found.papers[student].questions
        assert [one.name for one in questions] == [f"q{n}" for n in range(1, 13)]
        assert sum(one.points for one in questions) == 21
        assert len({one.template for one in questions}) == 12
        assert {unsound(one) for one in questions} == {""}
    costs = {frozenset(one.template for one in found.papers[s].questions if one.topic == "costs") for s in CLASS}
    models = {frozenset(one.template for one in found.papers[s].questions if one.topic == "models") for s in CLASS}
    assert len(costs) == 1
    assert len(models) > 5


def _strata(questions: tuple[Question, ...]) -> frozenset[tuple[object, int]]:
    return frozenset(Counter((COURSE_BANK[one.template].stratum, one.points) for one in questions).items())


def test_late_comers_get_the_same_exam(tmp_path: Path) -> None:
    """Papers that were issued stay to the letter when others are added, also when the bank has grown or changed since;
    who comes later gets the templates that were chosen then."""
    small = plan(tmp_path)
    issued = papers(small, "ada")
    # a question that was used has gone from what is drawn from now on only if nobody needs it
    grown = {**COURSE_BANK, "aaa": replace(COURSE_BANK["linear-parameters"], id="aaa")}
    later = assemble(small, grown, b"another secret", ["ada", "eve"], issued)
    assert later.papers["ada"] == issued.papers["ada"]
    assert later.chosen == issued.chosen
    assert _strata(later.papers["eve"].questions) == _strata(issued.papers["ada"].questions)
    gone = {id: one for id, one in COURSE_BANK.items() if id != "kv-cache"}
    with pytest.raises(AssignmentError, match="the bank has no kv-cache"):
        assemble(small, gone, b"another secret", ["eve"], issued)


def test_papers_are_read_back(tmp_path: Path) -> None:
    """What was written is what is read; a file that is missing or was changed is told."""
    found = papers(plan(tmp_path), "ada", "Zoë")
    path = tmp_path / "papers.json"
    path.write_text(found.dump(), encoding="utf-8")
    assert read_papers(path) == found
    assert found.students == ("Zoë", "ada")
    assert SPECIMEN in found.papers
    path.write_text('{"exam": 3}', encoding="utf-8")
    with pytest.raises(AssignmentError, match="expected papers as they were written"):
        read_papers(path)
    with pytest.raises(AssignmentError, match="exam make"):
        read_papers(tmp_path / "none.json")


def test_what_students_get_does_not_know_the_key(tmp_path: Path) -> None:
    """A sheet, from which notebook and print are made, is the same whatever is right: key, options that hold, order
    of slips, explanations and the way to the answer may be any."""
    small = plan(tmp_path)
    paper = papers(small, "ada").papers["ada"]

    def turned(one: Question) -> Question:
        options = tuple(replace(o, right=not o.right, explain="?", thinks="?") for o in one.options)
        return replace(one, key=one.key + 7, slips=(), worked="?", options=options, template="?", source="?")

    forged = Paper("ada", tuple(map(turned, paper.questions)))
    assert sheet_of(small, forged) == sheet_of(small, paper)


@given(st.sampled_from("abcdefgh"), st.integers(0, 10**6))
def test_messages_are_of_the_question_not_of_the_key(letter: str, number: int) -> None:
    """Two wrong answers that tell of the same misconception get the same words, and none of them holds a digit of the
    key or a letter that holds."""
    for one in (DRAWN["ring-messages"], DRAWN["what-a-head-is"]):
        found = mark(one, letter if one.kind == "one" else number)
        assert found.right == ((letter if one.kind == "one" else number) == (one.letters or one.key))
        assert not any(c.isdigit() for c in found.message + found.explain)


def test_answers_that_cannot_be_read_are_no_misconception() -> None:
    """Nothing, other letters and words are wrong, and tell of no misconception; one letter was asked for, not two."""
    one, number = DRAWN["what-a-head-is"], DRAWN["ring-messages"]
    for question, answer in ((one, "z"), (one, 3), (one, ""), (one, None), (number, "many"), (number, None)):
        found = mark(question, answer)
        assert (found.right, found.readable, found.thinks) == (False, False, "")
    assert mark(one, "ab").thinks == "chose several"
    some = DRAWN["many-to-one"]
    right = some.letters
    assert mark(some, right[::-1].upper()).right
    if len(right) > 1:
        assert mark(some, right[0]).thinks == "left out what holds too"


@pytest.mark.parametrize(("text", "says"), [
    (HEAD, "sections: expected a value"),
    (HEAD + '[[sections]]\ntitle = "x"', "sections[0]: expected either topic"),
    (HEAD + '[[sections]]\ntitle = "x"\ntopic = "models"', "sections[0].number"),
    (HEAD + '[[sections]]\ntitle = "x"\ntopic = "models"\nnumber = 99', "expected at most 12 questions on 'models'"),
    (HEAD + '[[sections]]\ntitle = "x"\nquestions = ["none"]', "the bank has no none"),
    (HEAD + 2 * '[[sections]]\ntitle = "x"\nquestions = ["kv-cache"]\n', "expected kv-cache in one section only"),
    (HEAD + 'closes = 2027-02-01T09:30:00+01:00\n[[sections]]\ntitle = "x"\ntopic = "a"\nnumber = 1', "closes"),
    (HEAD.replace("+01:00", "") + '[[sections]]\ntitle = "x"\ntopic = "a"\nnumber = 1', "opens"),
    (HEAD + '[[sections]]\ntitle = "x"\ntopik = "a"\nnumber = 1', 'did you mean "topic"'),
])  # fmt: skip
def test_blueprints_that_cannot_be_used(tmp_path: Path, text: str, says: str) -> None:
    """What is missing, misspelt or more than the bank has is named with its key."""
    with pytest.raises(AssignmentError) as raised:
        papers(plan(tmp_path, text), "ada")
    assert says in str(raised.value)


def test_a_blueprint_is_named_as_an_exam(tmp_path: Path) -> None:
    """The file's name becomes that of a folder: capitals, dashes and the bank's own are refused."""
    for name in ("Mid-Term", "bank"):
        with pytest.raises(AssignmentError, match="file name"):
            plan(tmp_path, name=name)


def test_a_class_is_read_from_its_list(tmp_path: Path) -> None:
    """A column `student` or the first one; blank lines, a mark at the beginning and doubles do no harm; names that no
    folder takes are refused."""
    path = tmp_path / "class.csv"
    path.write_text("\ufeffName,Student\nAda L,ada\n\nBob,bob\nBob,bob\n", encoding="utf-8")
    assert read_class(path, ["zoe"]) == ("ada", "bob", "zoe")
    path.write_text("ada\nbob\n", encoding="utf-8")
    assert read_class(path) == ("ada", "bob")
    for text, says in (("", "a line for each student"), ("a/b\n", "name of a folder"), ("x" * 200, "at most 128")):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(AssignmentError, match=says):
            read_class(path)


def test_practice_never_repeats_and_tells_all(tmp_path: Path) -> None:
    """Another word draws other questions; the notebook holds for each question what is right and why."""
    first, second = (practice(COURSE_BANK, word, ["counting"], 5, False) for word in (b"one", b"two"))
    assert len(first) == 5
    assert first != second
    assert practice(COURSE_BANK, b"one", ["counting"], 5, False) == first
    chosen = practice(COURSE_BANK, b"one", [], 99, True)
    assert len(chosen) == len(COURSE_BANK)
    assert {one.kind for one in chosen} == {"one", "some"}
    notebook = practice_notebook(first)
    assert all(slip.explain in json.dumps(notebook) for one in first for slip in one.slips)
    with pytest.raises(AssignmentError, match="expected one of costs, counting"):
        practice(COURSE_BANK, b"one", ["cooking"], 5, False)
