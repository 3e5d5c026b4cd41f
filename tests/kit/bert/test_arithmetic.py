"""Verbal arithmetic: labels by rule, a split that never moves."""

from __future__ import annotations

import hashlib

import pytest
from seq2kit.bert import arithmetic
from seq2kit.bert.arithmetic import Item, balance, item, items, resampled, split


def test_all_items_are_there_once_and_labelled_by_rule() -> None:
    """The 800 sentences are all pairs of zero to nineteen with both signs, and each label is the sign of its value."""
    number = {word: value for value, word in enumerate(arithmetic.NUMBERS)}
    assert len({one.text for one in items()}) == 800
    for one in items():
        left, sign, right = one.text.split()
        value = number[left] - number[right] if sign == "minus" else number[left] + number[right]
        assert one.label == (0 if value < 0 else 1 if value == 0 else 2)
        assert one.minus == (sign == "minus")


def test_single_items() -> None:
    """Four minus ten is negative, six minus six and zero plus zero are zero, two plus nine is positive."""
    assert item(4, "minus", 10) == Item("four minus ten", 0, True)
    assert item(6, "minus", 6).label == 1
    assert item(0, "plus", 0).label == 1
    assert item(2, "plus", 9) == Item("two plus nine", 2, False)


@pytest.mark.parametrize(("left", "sign", "right"), [(20, "plus", 0), (0, "minus", -1), (1, "times", 1)])
def test_what_is_no_item_is_refused(left: int, sign: str, right: int) -> None:
    """Other numbers and other signs raise ValueError."""
    with pytest.raises(ValueError, match="numbers go from 0 to 19"):
        item(left, sign, right)


def test_class_balance_is_as_stated() -> None:
    """The class counts of all parts are those that the docstrings state."""
    parts = split()
    assert balance(items()) == {"negative": 190, "zero": 21, "positive": 589}
    assert balance(parts.train) == {"negative": 152, "zero": 17, "positive": 471}
    assert balance(parts.few) == balance(parts.validation) == {"negative": 38, "zero": 4, "positive": 118}


def test_parts_are_disjoint_and_complete() -> None:
    """Train and validation are 640 and 160 items without overlap; few and rest divide train into 160 and 480."""
    parts = split()
    train, few, rest, validation = (set(part) for part in (parts.train, parts.few, parts.rest, parts.validation))
    assert (len(parts.train), len(parts.few), len(parts.rest), len(parts.validation)) == (640, 160, 480, 160)
    assert not train & validation
    assert train | validation == set(items())
    assert not few & rest
    assert few | rest == train


def test_the_split_never_moves() -> None:
    """The validation sentences are the ones that were published with the first models."""
    text = "\n".join(sorted(one.text for one in split().validation))
    few = "\n".join(sorted(one.text for one in split().few))
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "65a8ed8ae535a041"
    assert hashlib.sha256(few.encode()).hexdigest()[:16] == "21599592ab10bac3"


def test_zeros_are_repeated_for_training() -> None:
    """Resampling repeats zero items as often as asked and leaves all others once."""
    few = split().few
    assert balance(resampled(few)) == {"negative": 38, "zero": 24, "positive": 118}
    assert balance(resampled(few, 1)) == balance(few)
    assert set(resampled(few)) == set(few)
    with pytest.raises(ValueError, match="at least once"):
        resampled(few, 0)


def test_parts_count_different_items() -> None:
    """Copies count once; what lies in no part is not counted."""
    found = split()
    assert arithmetic.parts(resampled(found.few)) == {"few": 160, "rest": 0, "validation": 0}
    assert arithmetic.parts((*found.train, *found.validation[:3])) == {"few": 160, "rest": 480, "validation": 3}
    assert arithmetic.parts(()) == {"few": 0, "rest": 0, "validation": 0}
