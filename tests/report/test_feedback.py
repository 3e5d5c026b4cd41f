"""What a student reads: the grade's own numbers, the cause first, nothing of the instructor's."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from autograder.model import CellRun, CheckResult, Grade, ItemGrade, Kind, Repair, Status
from autograder.report import html, markdown
from autograder.report.blocks import Card
from autograder.report.feedback import CARRIED, OUR_FAULT, feedback_blocks, write_feedback
from autograder.report.plain import plain
from tests.report import sample
from tests.report.hostile import PAYLOADS, assert_dead, everywhere, words

CHECK = CheckResult(
    name="check_name",
    item="i1",
    status=Status.FAILED,
    points=0,
    max_points=2,
    claim="The claim.",
    message="The broken property.",
    hint="the hint",
    mistake="The misconception.",
    detail="SECRET-DETAIL",
    thinks="SECRET-THOUGHT",
)


def graded(*checks: CheckResult, **other: object) -> Grade:
    """A grade with one code item that has these checks."""
    item = sample.item_of("i1", "The item", Kind.CODE, checks)
    return replace(Grade("s1", "a1", "d" * 64, seed=987654321).with_items([item]), **other)  # type: ignore[arg-type]


def read(grade: Grade) -> tuple[str, str]:
    """The words of the HTML page and the Markdown text."""
    blocks = feedback_blocks(grade)
    return words(BeautifulSoup(html.page("x", blocks), "html.parser").get_text(" ")), markdown.page(blocks)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_stays_dead_and_readable(payload: str, tmp_path: Path) -> None:
    """A payload in every field of a grade neither runs nor vanishes in the written files."""
    page, text = write_feedback(everywhere(payload), tmp_path)
    soup = assert_dead(page.read_text(encoding="utf-8"))
    assert words(soup.h1.get_text()) == plain(payload)
    assert words(soup.find(class_="eyebrow").get_text()) == words(f"Feedback for {plain(payload)}")
    assert words(soup.find(class_="callout bad").find(class_="say").get_text()) == plain(payload)
    assert not re.search(r"^\s*::", text.read_text(encoding="utf-8"), re.MULTILINE)


def test_the_cause_comes_first() -> None:
    """A matched mistake leads, then what was seen, then the hint; without a match the property leads."""
    for shown in read(graded(CHECK)):
        places = [
            shown.index(part) for part in ("The claim.", "The misconception.", "The broken property.", "the hint")
        ]
        assert places == sorted(places)
    big = [
        BeautifulSoup(html.page("x", feedback_blocks(graded(check))), "html.parser").find(class_="big").get_text()
        for check in (CHECK, replace(CHECK, mistake=""))
    ]
    assert big == ["The misconception.", "The broken property."]


def test_the_instructors_text_is_absent() -> None:
    """Neither detail nor seed nor what we believe that they think nor the check's internal name reaches the student."""
    checks = [replace(CHECK, name=f"check_{s.value}", status=s) for s in Status]
    for shown in read(graded(*checks)):
        assert "SECRET-DETAIL" not in shown
        assert "SECRET-THOUGHT" not in shown
        assert "987654321" not in shown
    for grade in sample.classroom(60):
        for shown in read(grade):
            assert "max error" not in shown
            assert "ChannelTimeout" not in shown


def test_numbers_are_the_grades_own() -> None:
    """Scores that do not add up are shown as they are: the report does not compute points."""
    grade = graded(CHECK, replace(CHECK, name="b"), score=17.25, max_score=23.5, manual_max=6)
    item = replace(grade.items[0], score=1.75, max_score=9)
    for shown in read(replace(grade, items=(item,))):
        assert "17.25 of 23.5 points" in shown
        assert "1.75 of 9 points" in shown
        assert "6 points more" in shown


def test_our_own_faults_are_explained_kindly() -> None:
    """A check that could not be run costs nothing, and the page says so at the top and at the item."""
    lost = replace(CHECK, status=Status.COULD_NOT_CHECK, message="internal words", mistake="", hint="")
    for shown in read(graded(lost, replace(CHECK, name="b", status=Status.PASSED, points=2))):
        assert "1 check could not be run" in shown
        assert shown.count(OUR_FAULT) == 2
        assert "2 open" in shown
        assert "internal words" not in shown


def test_open_points_without_a_verdict_are_explained_too() -> None:
    """An item whose checks never answered is as open as one whose checks failed to run."""
    item = ItemGrade("i1", "The item", Kind.CODE, "i1", 0, 4, "could_not_check", pending=4)
    for shown in read(Grade("s1", "a1", "").with_items([item])):
        assert shown.count(OUR_FAULT) == 2
        assert "4 open" in shown


def test_an_unknown_status_is_never_shown_as_passed() -> None:
    """A status this version does not know counts as undecided."""
    item = replace(graded(CHECK).items[0], status="from a later version")
    card = next(block for block in feedback_blocks(replace(graded(), items=(item,))) if isinstance(block, Card))
    assert card.tone == "unsure"


def test_manual_items_are_waiting() -> None:
    """What a person grades is listed, with its points kept apart from the score."""
    item = ItemGrade("i2", "The proof", Kind.MANUAL, "i2", 0, 3, "needs_manual_grade", pending=3)
    for shown in read(Grade("s1", "a1", "").with_items([item])):
        assert "The proof" in shown
        assert "waiting for a person" in shown
        assert "up to 3" in shown
        assert OUR_FAULT not in shown


def test_carried_checks_say_why_in_the_open() -> None:
    """A check passed with the reference's earlier items is not folded away with the others."""
    carried = replace(CHECK, status=Status.PASSED, points=2, carried=True)
    soup = BeautifulSoup(html.page("x", feedback_blocks(graded(carried))), "html.parser")
    place = soup.find(string=re.compile(re.escape(CARRIED)))
    assert place is not None
    assert place.find_parent("details") is None


def test_passed_checks_are_folded() -> None:
    """What is right stays out of the way but can be read."""
    passed = replace(CHECK, status=Status.PASSED, points=2, message="", mistake="", hint="")
    soup = BeautifulSoup(html.page("x", feedback_blocks(graded(passed))), "html.parser")
    assert soup.details.summary.get_text() == "1 check passed"
    assert "The claim." in soup.details.get_text()


def test_the_same_cause_is_told_once() -> None:
    """Three checks failing for one reason give one explanation."""
    shown, _ = read(graded(CHECK, replace(CHECK, name="b", claim="Second."), replace(CHECK, name="c", claim="Third.")))
    assert shown.count("The misconception.") == 1
    assert "2 more checks failed for the same cause: 4 points" in shown
    assert "Second." in shown
    assert "Third." in shown


def test_an_explanation_that_a_check_gives_is_not_repeated() -> None:
    """The item's explanation is shown unless one of its failed checks says the same."""
    grade = graded(CHECK)
    for explanation, times in (("The misconception.", 1), ("Another sentence.", 2)):
        item = replace(grade.items[0], explanation=explanation)
        shown, _ = read(replace(grade, items=(item,)))
        assert shown.count("The misconception.") + shown.count("Another sentence.") == times


def test_trouble_in_the_run_stands_before_the_answers() -> None:
    """Raised, timed-out, dead and skipped cells are named, with the error text, right below the table of items."""
    cells = (
        CellRun("c1", "ok", 0.1),
        CellRun("c2", "error", 0.1, "NameError: name 'q' is not defined"),
        CellRun("c3", "timeout", 30.0),
        CellRun("c4", "died", 1.0),
        CellRun("c5", "skipped", 0.0),
    )
    for shown in read(graded(CHECK, cells=cells, error="The notebook ended early.")):
        for part in (
            "NameError: name 'q' is not defined",
            "c3 ran out of time",
            "c4 ended",
            "1 cell did not run",
        ):
            assert part in shown
        assert (
            shown.index("The notebook ended early.") < shown.index("Your items")
            < shown.index("How your notebook ran") < shown.index("The claim.")
        )  # fmt: skip
    for shown in read(graded(CHECK, cells=cells[:1])):
        assert shown.index("How your notebook ran") > shown.index("The claim.")


def test_repairs_are_told() -> None:
    """What was put right is said in its own words."""
    for shown in read(graded(CHECK, repaired=(Repair("moved", "c1", "A cell had moved and is back."),))):
        assert "A cell had moved and is back." in shown


def test_thousands_of_repairs_stay_readable() -> None:
    """Of many repairs the first are told, and the number of the others."""
    repairs = tuple(Repair("files", "", f"File {number} was not used.") for number in range(3000))
    for shown in read(graded(CHECK, repaired=repairs)):
        assert "File 49 was not used." in shown
        assert "File 50 was not used." not in shown
        assert "2950 more" in shown


def test_pictures_are_shown_in_html_and_mentioned_in_markdown() -> None:
    """The drawing stands at its check, named for those who cannot see it."""
    blocks = feedback_blocks(graded(replace(CHECK, picture=sample.attention_picture())))
    soup = assert_dead(html.page("x", blocks))
    assert soup.find(class_="picture").div["aria-label"] == "The broken property."
    assert len(soup.find(class_="picture").find_all("rect")) == 37
    assert "picture of this in feedback.html" in markdown.page(blocks)


def test_a_grade_without_items_still_makes_a_page(tmp_path: Path) -> None:
    """A notebook that could not be read gives a page that says so."""
    grade = Grade("s1", "a1", "", 0, 0, (), error="The file is not a notebook.", flagged=True)
    page, text = write_feedback(grade, tmp_path / "new" / "folder")
    assert "The file is not a notebook." in page.read_text(encoding="utf-8")
    assert "The file is not a notebook." in text.read_text(encoding="utf-8")


def test_a_link_in_the_way_is_replaced_not_followed(tmp_path: Path) -> None:
    """A link planted at the report's place does not let the report write elsewhere."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("precious")
    (tmp_path / "feedback.html").symlink_to(elsewhere)
    page, _ = write_feedback(sample.grade(1), tmp_path)
    assert elsewhere.read_text() == "precious"
    assert not page.is_symlink()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["elsewhere", "feedback.html", "feedback.md"]
