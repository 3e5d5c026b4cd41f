"""A student is found by what is certain, and what fits two is left to a person."""

from __future__ import annotations

import pytest

from autograder.errors import Seq2gradeError
from autograder.export.roster import match, person, read_names

PEOPLE = [
    person(2, "Love, Ada", ["ada", "00042", "ada@uni.example", "900"], "900"),
    person(3, "Müller, Bob", ["bob", "43", "bob@uni.example", "901"], "901"),
    person(4, "Gray, Eve", ["eve", "900", "eve@uni.example", "902"], "902"),
    person(5, "Li, Jo", ["jo1", "44", "", "903"], "903"),
    person(6, "Li, Jo", ["jo2", "45", "", "904"], "904"),
]


@pytest.mark.parametrize(
    ("student", "row"),
    [
        ("ada", 2),
        ("ADA ", 2),
        ("00042", 2),
        ("Ada@Uni.example", 2),
        ("loveada_900", 2),
        ("Ada Love_900", 2),
        ("Participant_901", 3),
        ("mullerbob_901", 3),
        ("Bob Muller", 3),
        ("Müller, Bob", 3),
        ("Mu\u0308ller Bob", 3),
        ("45", 6),
    ],
)
def test_one_who_is_certain_is_found(student: str, row: int) -> None:
    """Logins, numbers, mail addresses, and names as platforms write them, in any case."""
    found = match([student], PEOPLE)
    assert found.rows == {student: (row,)}
    assert not found.unknown
    assert not found.doubtful


@pytest.mark.parametrize("student", ["mallory", "42", "bob_900", "ada_99", "900_ada", "", "_900", "adalov", "*", "+"])
def test_one_who_is_not_there_is_unknown(student: str) -> None:
    """No part of a name counts, no number whose name is another's, no number without its zeros."""
    found = match([student], PEOPLE)
    assert found.rows == {}
    assert found.unknown == (student,)


def test_what_fits_two_rows_fits_none() -> None:
    """The login of one that is the number of another, and two of one name."""
    found = match(["900", "Jo Li"], PEOPLE)
    assert found.rows == {}
    assert found.doubtful == {"900": (2, 4), "Jo Li": (5, 6)}


def test_two_students_of_one_row_get_nothing() -> None:
    """Who handed in under two names is for a person to decide; others are not touched by it."""
    found = match(["ada", "ada@uni.example", "bob"], PEOPLE)
    assert found.rows == {"bob": (3,)}
    assert found.doubtful == {"ada": (2,), "ada@uni.example": (2,)}


def test_a_group_shares_its_grade() -> None:
    """All of its members have to be certain; one who also handed in alone is doubtful."""
    assert match(["ada+bob"], PEOPLE).rows == {"ada+bob": (2, 3)}
    assert match(["ada+mallory"], PEOPLE).unknown == ("ada+mallory",)
    assert match(["ada+ada@uni.example"], PEOPLE).unknown == ("ada+ada@uni.example",)
    both = match(["ada+bob", "bob"], PEOPLE)
    assert both.rows == {}
    assert both.doubtful == {"ada+bob": (2, 3), "bob": (3,)}


def test_names_can_be_told() -> None:
    """A file says what the platform calls a student; others go by their own name, and two of one row still get none."""
    names = read_names('\ufeffx17,"ada@uni.example"\r\n\r\nx18, Gray; Eve\r\n'.encode(), "names.csv")
    assert names == {"x17": "ada@uni.example", "x18": "Gray; Eve"}
    assert match(["x17", "bob"], PEOPLE, names).rows == {"x17": (2,), "bob": (3,)}
    assert match(["x17", "ada"], PEOPLE, names).rows == {}


@pytest.mark.parametrize("data", [b"a,b,c\n", b"a\n", "\u00fc,b".encode("latin-1"), b"a,b\na,c\n"])
def test_names_that_cannot_be_used_are_told(data: bytes) -> None:
    """Not two cells, another encoding, two names for one student."""
    with pytest.raises(Seq2gradeError, match=r"^names\.csv: "):
        read_names(data, "names.csv")
