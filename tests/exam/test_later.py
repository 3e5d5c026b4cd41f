"""When each student has to be done: written into extensions.toml beside what people wrote there."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.authoring import tomllib
from autograder.deadlines import deadline
from autograder.errors import Seq2gradeError
from autograder.exam.later import begin, opened, with_times
from autograder.exam.sheet import sheet_of
from tests.exam.plans import OPENS, SMALL, papers, plan

UNTIL = OPENS + datetime.timedelta(hours=2)
WINDOW = SMALL.replace("minutes = 60", "minutes = 60\ncloses = 2027-02-01T18:00:00+01:00")
PEOPLES = """\
# more time, as agreed
[homework]
ada = 2027-01-08T23:59:00+01:00  # ill
"zoe" = 2027-01-09T23:59:00+01:00

[small]
bob = 2027-02-01T11:00:00+01:00
"""


def test_other_lines_stay_to_the_letter() -> None:
    """Comments, other tables and other students stay; a student's own line is written anew, a new one added."""
    text = with_times(PEOPLES, "small", {"ada": UNTIL, "bob": UNTIL})
    assert text == PEOPLES.replace("11:00:00", "11:00:00") + "ada = 2027-02-01T11:00:00+01:00\n"
    assert with_times(PEOPLES, "homework", {"zoe": UNTIL}).splitlines()[3] == "zoe = 2027-02-01T11:00:00+01:00"
    added = with_times(PEOPLES, "exam", {"Ada L.": UNTIL})
    assert added == PEOPLES + '\n[exam]\n"Ada L." = 2027-02-01T11:00:00+01:00\n'
    assert with_times("", "exam", {"ada": UNTIL}) == "[exam]\nada = 2027-02-01T11:00:00+01:00\n"


@given(st.dictionaries(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1), st.just(UNTIL)))
def test_any_name_is_read_back(later: dict[str, datetime.datetime]) -> None:
    """Whatever a student is called, TOML reads the name and time; a second time changes nothing."""
    text = with_times(PEOPLES, "exam", later)
    assert tomllib.loads(text).get("exam", {}) == later
    assert with_times(text, "exam", later) == text
    assert {k: v for k, v in tomllib.loads(text).items() if k != "exam"} == tomllib.loads(PEOPLES)


def test_a_clock_is_started_once(tmp_path: Path) -> None:
    """Each begins when the paper is opened, and has the minutes and the extra ones; again shows the first time; nobody
    runs beyond the end, or begins before or after."""
    window = plan(tmp_path / "exams", WINDOW)
    (tmp_path / "assignments" / "small").mkdir(parents=True)
    noon = OPENS + datetime.timedelta(hours=3)
    assert begin(tmp_path, window, "ada", noon) == noon
    assert begin(tmp_path, window, "ada", noon + datetime.timedelta(hours=1)) == noon
    begin(tmp_path, window, "bob", OPENS)
    begin(tmp_path, window, "zoe", OPENS + datetime.timedelta(hours=8, minutes=50))
    sheet = sheet_of(window, papers(window, "ada").papers["ada"], noon)
    assert sheet.head.endswith("Opened 2027-02-01 12:00 (UTC+01:00), to be handed in by 2027-02-01 13:15 (UTC+01:00).")
    found = deadline(tmp_path, "small", window.due).until or {}
    assert found["ada"] - noon == datetime.timedelta(minutes=75)
    assert found["bob"] == window.due
    assert found["zoe"] == window.table.closes
    assert opened(tmp_path, "small")["ada"] == noon
    for moment, says in ((OPENS - datetime.timedelta(seconds=1), "opens at"), (OPENS.replace(hour=18), "closed at")):
        with pytest.raises(Seq2gradeError, match=says):
            begin(tmp_path, window, "eve", moment)
    with pytest.raises(Seq2gradeError, match="all begin together"):
        begin(tmp_path, plan(tmp_path / "exams", SMALL), "eve", noon)
    (tmp_path / "exams" / "small" / "opened.csv").write_text("ada,noon\n", encoding="utf-8")
    with pytest.raises(Seq2gradeError, match="expected lines of a student and a time"):
        opened(tmp_path, "small")
