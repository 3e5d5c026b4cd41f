"""The bank: every question, whatever is drawn, has one right answer that the grader takes for right, and no other."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.textpath import TextPath

from autograder.assignment import find_assignments, load_assignment
from autograder.build import read_source_ids
from autograder.errors import AssignmentError
from autograder.exam.assemble import drawn_from, unsound
from autograder.model import Kind
from autograder.questions.bank import BANK, load_bank
from autograder.questions.draws import Draws
from autograder.questions.marking import mark
from autograder.questions.templates import Numeric, Question, Slip, flaw, shown
from tests.exam.measured import MEASURED

ROOT = Path(__file__).resolve().parents[2]
COURSE_BANK = load_bank(ROOT)
SEEDS = 15


def drawn(id: str, seed: object, as_choice: bool = False) -> Question:
    """A question as student number `seed` gets it."""
    return drawn_from(COURSE_BANK[id], Draws(b"k" * 32, "bank", str(seed), id), as_choice)


@pytest.mark.parametrize("id", sorted(COURSE_BANK))
def test_each_draw_has_one_right_answer(id: str) -> None:
    """Over many students, written or chosen: the key is right, and no slip or option counts as it; there are at least
    three slips, and most students' questions differ."""
    found = [drawn(id, seed, as_choice) for seed in range(SEEDS) for as_choice in (False, True)]
    assert {unsound(one) for one in found} == {""}
    for one in found:
        if one.kind == "number":
            assert len(one.slips) >= 3
            assert mark(one, shown(one.key)).right, "what the key shows is right"
            assert not any(mark(one, shown(slip.value)).right for slip in one.slips)
        else:
            assert all(not mark(one, chr(97 + n)).right for n, option in enumerate(one.options) if not option.right)
            assert not mark(one, "abcdef"[: len(one.options)]).right
    texts = {(one.text, one.options) for one in found if one.kind != "number"}
    assert len(texts) > SEEDS / 3


@given(st.sampled_from(sorted(COURSE_BANK)), st.text(max_size=20), st.booleans())
def test_whoever_the_student_is(id: str, student: str, as_choice: bool) -> None:
    """Any name gives a sound question, twice the same one."""
    purpose = student.encode("utf-8", "replace").decode()
    assert drawn(id, purpose, as_choice) == drawn(id, purpose, as_choice)


@pytest.mark.parametrize("id", sorted(MEASURED))
def test_the_key_is_what_is_measured(id: str) -> None:
    """Modules' parameters, counted operations, simulated messages and the like agree with the key."""
    for seed in range(3):
        one = drawn(id, seed)
        assert MEASURED[id](one.text) == pytest.approx(one.key, rel=1e-4), one.text


def test_every_number_is_measured() -> None:
    """No numeric template is left out of the comparison."""
    assert set(MEASURED) == {id for id, template in COURSE_BANK.items() if template.form == "number"}


@pytest.mark.parametrize("id", sorted(COURSE_BANK))
def test_explanations_keep_the_key(id: str) -> None:
    """What a student reads after a wrong answer holds neither the right number nor the text of an option."""
    for seed in range(5):
        one = drawn(id, seed)
        told = [slip.explain for slip in one.slips] + [option.explain for option in one.options if not option.right]
        assert all(told)
        for text in told:
            if one.kind == "number":
                assert shown(one.key) not in re.findall(r"\d[\d,.]*", text)
            assert not any(option.text in text for option in one.options)


def test_formulas_can_be_printed() -> None:
    """Every formula of every question is one that matplotlib can set."""
    texts = set()
    for id in COURSE_BANK:
        one = drawn(id, 1)
        texts |= {one.text, one.worked, *(option.text for option in one.options)}
    formulas = {formula for text in texts for formula in re.findall(r"\$[^$]+\$", text)}
    assert len(formulas) > 20
    assert all(text.count("$") % 2 == 0 for text in texts)
    for formula in sorted(formulas):
        assert len(TextPath((0, 0), formula, size=10).vertices) > 0


def test_sources_are_those_of_the_course() -> None:
    """Each question names an item of the source documents, and each choice of an assignment has one in the bank."""
    known = {one.id for one in read_source_ids(ROOT / "docs" / "source_ids.txt")}
    sources = {template.source for template in COURSE_BANK.values()}
    assert sources <= known
    choices = {
        item.id
        for folder in find_assignments(ROOT)
        for item in load_assignment(folder).items
        if item.kind is Kind.CHOICE
    }
    assert len(choices) >= 16
    assert [id for id in sorted(choices) if not any(id == s or id.startswith(f"{s}-") for s in sources)] == []


def test_draws_are_the_same_for_years() -> None:
    """The stream of draws is a contract: papers are drawn again from it."""
    draws = Draws(b"secret", "exam", "ada")
    assert [draws.below(1000) for _ in range(6)] == [181, 867, 190, 532, 466, 427]
    assert Draws(b"secret", "exam", "ada").sample("abcdefgh", 4) != Draws(b"secret", "exam", "bob").sample(
        "abcdefgh", 4
    )


def test_draws_are_even() -> None:
    """Of 6,000 draws below 6 each comes up about 1,000 times; orders of three likewise."""
    draws = Draws(b"secret", "even")
    counts = Counter(draws.below(6) for _ in range(6000))
    assert set(counts) == set(range(6))
    assert max(counts.values()) - min(counts.values()) < 200
    orders = Counter("".join(draws.shuffled("abc")) for _ in range(3000))
    assert len(orders) == 6
    assert max(orders.values()) - min(orders.values()) < 150
    with pytest.raises(ValueError, match="nothing to draw"):
        draws.pick([])


@pytest.mark.parametrize(("key", "slip", "tolerance", "says"), [
    (12.0, 12.0, 0.0, "12 and 12"), (2.0, 2.01, 0.01, "told apart"), (2.5, 4.0, 0.0, "whole number"),
    (float("inf"), 4.0, 0.01, "not finite"), (2.0, 3.0, 0.0, ""), (2.5, 2.7, 0.01, ""),
])  # fmt: skip
def test_draws_that_say_nothing_are_known(key: float, slip: float, tolerance: float, says: str) -> None:
    """Numbers that cannot be told apart, fractions to be exact, and what is not finite are found."""
    found = flaw(Numeric("", key, (Slip(slip, "", ""),), "", "", tolerance))
    assert says in found
    assert bool(found) == bool(says)


@pytest.mark.parametrize(("file", "text", "says"), [
    ("a.toml", '[x]\ntopic = "t"', "x.source: expected a value"),
    ("a.py", "import nothing_of_that_name", "import: ModuleNotFoundError"),
    ("a.toml", 'x = 3', "x"),
    ("notes.md", "# none", "questions: expected files"),
])  # fmt: skip
def test_files_that_cannot_be_used_are_named(tmp_path: Path, file: str, text: str, says: str) -> None:
    """A missing key, a broken import, a course without questions: file and key are told."""
    (tmp_path / BANK).mkdir(parents=True)
    (tmp_path / BANK / file).write_text(text, encoding="utf-8")
    with pytest.raises(AssignmentError) as raised:
        load_bank(tmp_path)
    assert says in str(raised.value)


def test_an_id_is_there_once(tmp_path: Path) -> None:
    """Two questions of one id are refused, in whichever files they stand."""
    (tmp_path / BANK).mkdir(parents=True)
    text = (ROOT / BANK / "training.toml").read_text(encoding="utf-8")
    for name in ("a.toml", "b.toml"):
        (tmp_path / BANK / name).write_text(text, encoding="utf-8")
    with pytest.raises(AssignmentError, match="expected one question of this id"):
        load_bank(tmp_path)
