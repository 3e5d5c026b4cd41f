"""Who is who: a label of an export means one student or one group of a roster, or nobody."""

from __future__ import annotations

import pytest

from autograder.errors import Seq2gradeError
from autograder.incoming.people import read_roster
from tests.incoming.exports import roster

PEOPLE = roster(
    "Login,Last name,First name,Email address,ID,Group",
    "ada,Love,Ada Maria,Ada@uni.example,4711,",
    "bob,Müller-Lüdenscheidt,Bob,b@uni.example,4712,",
    "cy1,Roe,Cy,c1@uni.example,4713,",
    "cy2,Roe,Cy,c2@uni.example,4714,",
    "dee,Poe,Dee,d@uni.example,4715,Team 1",
    "eve,Poe,Eve,e@uni.example,4716,Team 1",
)


@pytest.mark.parametrize(
    ("label", "members"),
    [
        ("ada", ["ada"]),
        ("ADA@uni.example", ["ada"]),
        ("Ada Maria Love_900", ["ada"]),
        ("loveadamaria_55", ["ada"]),
        ("Love, Ada Maria", ["ada"]),
        ("mullerludenscheidtbob_1", ["bob"]),
        ("Participant_4712", ["bob"]),
        ("Cy Roe_4714", ["cy2"]),
        ("Cy Roe", []),
        ("Cy Roe_900", []),
        ("Somebody_4711", []),
        ("Participant_900", []),
        ("Dee Poe_1", ["dee", "eve"]),
        ("Team 1", ["dee", "eve"]),
        ("team1_77", ["dee", "eve"]),
        ("", []),
        ("Team 1-Dee Poe_1", ["dee", "eve"]),
        ("Default group-Ada Maria Love_900", ["ada"]),
        ("Jo-Cy Roe_4714", []),
    ],
)
def test_labels(label: str, members: list[str]) -> None:
    """By number, login, address, name in any order; a number of another system beside another name means nobody."""
    assert list(PEOPLE.members(label)) == members


def test_a_platforms_own_file_is_a_roster() -> None:
    """Moodle's grading worksheet, and Canvas's gradebook with its line of maxima."""
    moodle = roster("Identifier,Full name,Email address,Status,Grade", "Participant 900,Ada Love,ada@uni.example,,")
    assert moodle.members("Participant_900") == moodle.members("Ada Love_900") == ("ada@uni.example",)
    lines = ("    Points Possible,,,,7", '"Love, Ada",4711,s1,ada,S')
    canvas = roster("Student,ID,SIS User ID,SIS Login ID,Section", *lines)
    assert [one.student for one in canvas.people] == ["ada"]
    assert canvas.members("loveada_4711") == ("ada",)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"name\nAda\n", "expected a column that names a student's folder"),
        (b"", "it has none"),
        (b"login\n../x\n", "cannot name a folder; mend the column login"),
        (b"login\n.hidden\n", "cannot name a folder"),
        (b"login\nada\nada\n", "ada is there twice"),
        (b"login,email\nbob,\n,a@uni.example\n", "cannot name a folder"),
        ("login\nZoë\n".encode("utf-16"), "expected a roster as CSV in UTF-8"),
    ],
)
def test_a_roster_that_is_none(data: bytes, says: str) -> None:
    """A sentence says what is wrong and what to do."""
    with pytest.raises(Seq2gradeError, match=r"roster\.csv: ") as error:
        read_roster(data, "roster.csv")
    assert says in str(error.value)
