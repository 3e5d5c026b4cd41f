"""The learning platform's own file, filled in: one column, nobody by chance, nothing in silence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.errors import Seq2gradeError
from autograder.export.lms import Filled, How, fill
from autograder.export.public import Result
from tests.export.made import result

CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Sums (77),Other (78),Final Score\r\n"
    '"    Points Possible",,,,,5.0,10,(read only)\r\n'
    '"Love, Ada",900,00042,ada,"S1, S2",,7,70\r\n'
    '"Gray, Eve",901,00043,eve,S1,4,"8",80\r\n'
    '"M\u00fcller, ""Bob""",902,00044,bob,S1,EX,,\r\n'
    '"Student, Test",903,,t3st,S1,,,\r\n'
)
MOODLE = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),"
    "Online text,Last modified (grade),Feedback comments\n"
    'Participant 11,Ada Love,ada@uni.example,Submitted,,"5,00",Yes,-,,-,\n'
    'Participant 12,Eve Gray,eve@uni.example,Submitted,"2,50","5,00",Yes,-,,-,"<p>a, ""b""</p>"\n'
    'Participant 13,Bob Blue,bob@uni.example,Submitted,"1,00","5,00",No,-,,-,\n'
)


def filled(text: str, *results: Result, lms: str = "canvas", **how: object) -> Filled:
    return fill(text.encode(), "grades.csv", results, How(lms, **how), ("hw", "Sums"))  # type: ignore[arg-type]


def test_canvas_is_filled_in() -> None:
    """One cell changes, the rest is byte for byte what it was: mark, quotes, line ends."""
    done = filled(CANVAS, result("ada", 2.5))
    assert done.data.decode() == CANVAS.replace('"S1, S2",,7', '"S1, S2",2.5,7')
    assert done.count == 1
    assert not done.trouble
    assert done.notes == ("no result for Gray, Eve", 'no result for Müller, "Bob"')


def test_moodle_is_filled_in() -> None:
    """By the number of Moodle's own folder; with the comma that the file has."""
    done = filled(MOODLE, result("Ada Love_11", 2.5), lms="moodle")
    assert done.data.decode() == MOODLE.replace('Submitted,,"5,00"', 'Submitted,"2,5","5,00"', 1)
    assert done.count == 1


def test_a_score_that_was_there_is_told() -> None:
    """Another one is replaced with a word; the same one is left as it is written."""
    done = filled(CANVAS, result("eve", 3))
    assert "eve: 3 instead of 4" in done.notes
    assert b"S1,3," in done.data
    same = filled(MOODLE, result("eve@uni.example", 2.5), lms="moodle")
    assert same.data.decode() == MOODLE
    assert not any("instead" in note for note in same.notes)


def test_what_must_not_be_changed_is_not() -> None:
    """Excused in Canvas, locked in Moodle: said, and left."""
    done = filled(CANVAS, result("bob"))
    assert "bob: nothing written: excused in the file" in done.notes
    locked = filled(MOODLE, result("bob@uni.example"), lms="moodle")
    assert any("cannot be changed" in note for note in locked.notes)
    assert (done.data.decode(), locked.data.decode()) == (CANVAS, MOODLE)
    assert done.trouble
    assert locked.trouble


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"pending": 1.5}, "1.5 points could not be checked"),
        ({"waiting": 2.0}, "2 points wait for a person"),
    ],
)
def test_what_is_not_the_last_word_is_not_written(change: dict[str, float], why: str) -> None:
    """A fault of ours, or an answer that nobody has read, does not become a low score in silence."""
    open_score = replace(result("ada"), **change)  # type: ignore[arg-type]
    done = filled(CANVAS, open_score)
    assert done.data.decode() == CANVAS
    assert done.trouble
    assert any(why in note and "--unfinished" in note for note in done.notes)
    forced = filled(CANVAS, open_score, unfinished=True)
    assert forced.count == 1
    assert any(why in note for note in forced.notes)


def test_work_without_a_grade_is_never_written() -> None:
    """What could not be read or belongs to no assignment has no score, not even by --unfinished."""
    done = filled(CANVAS, replace(result("ada"), items=()), unfinished=True)
    assert (done.count, done.trouble) == (0, True)


def test_another_maximum_is_told_and_scaled_on_demand() -> None:
    """Points stay as they are; --scale brings them to the file's maximum, to two decimals."""
    ours = result("ada", 2, 6)
    done = filled(CANVAS, ours)
    assert b'"S1, S2",2,7' in done.data
    assert any("maximum is 5.0, ours is 6" in note and "--scale" in note for note in done.notes)
    assert b'"S1, S2",1.67,7' in filled(CANVAS, ours, scale=True).data
    words = MOODLE.replace('Submitted,,"5,00"', "Submitted,,Good", 1)
    graded = filled(words, result("ada@uni.example"), lms="moodle")
    assert any("no number of points" in note for note in graded.notes)
    assert graded.count == 0


def test_unknown_and_doubtful_students_are_listed() -> None:
    """Who is in no row, and two who fit one row."""
    done = filled(CANVAS, result("mallory"), result("ada"), result("loveada_900"))
    assert done.count == 0
    assert done.data.decode() == CANVAS
    assert "mallory: in no row of the file" in done.notes
    assert any(note.startswith("ada: nothing written") and "loveada_900" in note for note in done.notes)


def test_a_row_that_is_there_twice_gets_nothing() -> None:
    """Two rows of one number are told, and neither is filled in."""
    twice = CANVAS + '"Love, Ada",900,00042,ada,S3,,,\r\n'
    done = filled(twice, result("ada"))
    assert done.data.decode() == twice
    assert any("900 is in 2 rows" in note for note in done.notes)


def test_no_cell_is_computed() -> None:
    """A student's name that is a formula becomes text, and is told."""
    evil = CANVAS.replace('"Love, Ada"', '"=HYPERLINK(""http://e.example"",""x"")"')
    done = filled(evil, result("ada"))
    assert b"'=HYPERLINK" in done.data
    assert any("line 3, Student" in note and "apostrophe" in note for note in done.notes)


def test_hostile_names_do_not_reach_the_terminal() -> None:
    """No line breaks, escapes or commands to a CI runner in what is printed."""
    done = filled(CANVAS, result("\x1b[2J\n::error::x" + "y" * 9000))
    assert not any("\x1b" in note or "\n" in note or len(note) > 400 for note in done.notes)


@pytest.mark.parametrize(
    ("text", "how", "says"),
    [
        (CANVAS.replace("Sums (77)", "Products (77)"), {}, "no column is called 'hw' or 'sums'"),
        (CANVAS.replace("Other (78)", "Sums (78)"), {}, "more than one column"),
        (CANVAS, {"column": "Final Score"}, "nobody may fill in"),
        (CANVAS, {"column": "ID"}, "no column is called 'id'"),
        (CANVAS, {"lms": "moodle"}, "no column Identifier, Grade"),
        (CANVAS, {"lms": "ilias"}, "expected one of canvas, moodle"),
    ],
)
def test_a_file_that_does_not_fit_is_told(text: str, how: dict[str, str], says: str) -> None:
    """The error says what is missing, and what there is."""
    with pytest.raises(Seq2gradeError) as caught:
        filled(text, result("ada"), **how)  # type: ignore[arg-type]
    assert says in str(caught.value)


def test_a_column_can_be_named() -> None:
    """In full or without its number."""
    for name in ("Other (78)", "other"):
        assert b",,3,70" in filled(CANVAS, result("ada"), column=name).data
