"""The class report: right counts, dead text, quick and small for a thousand students."""

from __future__ import annotations

import re
import statistics
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from autograder.model import CheckResult, Grade, Status
from autograder.report.classdetail import DETAIL_ALL
from autograder.report.classreport import write_class_report
from tests.growth import cpu_seconds
from tests.report import sample
from tests.report.hostile import PAYLOADS, assert_dead, everywhere, words


def report(grades: list[Grade], folder: Path, links: dict[str, str] | None = None) -> BeautifulSoup:
    """The written report, parsed and found dead."""
    path = write_class_report(grades, folder / "class.html", title="The title", feedback_links=links)
    return assert_dead(path.read_text(encoding="utf-8"))


def fact(soup: BeautifulSoup, label: str) -> str:
    """The number under a label."""
    found = soup.find("dt", string=label)
    return str(found.find_next("dd").contents[0])


def section(soup: BeautifulSoup, anchor: str) -> str:
    """The words between one heading and the next."""
    parts = []
    for element in soup.find(id=anchor).next_siblings:
        if element.name == "h2":
            break
        parts.append(element.get_text(" "))
    return words(" ".join(parts))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_stays_dead(payload: str, tmp_path: Path) -> None:
    """A payload in every field of a grade, in the title and in the link does nothing."""
    path = write_class_report(
        [everywhere(payload), sample.grade(1)],
        tmp_path / "c.html",
        title=payload,
        feedback_links={payload: payload},
    )
    assert_dead(path.read_text(encoding="utf-8"))


def test_the_header_states_the_class(tmp_path: Path) -> None:
    """Number, mean, median and quartiles are those of the grades' scores."""
    grades = sample.classroom(60)
    soup = report(grades, tmp_path)
    scores = [grade.score for grade in grades]
    first, _, third = statistics.quantiles(scores, n=4, method="inclusive")
    assert fact(soup, "Submissions") == "60"
    assert float(fact(soup, "Mean")) == pytest.approx(statistics.fmean(scores), abs=0.005)
    assert float(fact(soup, "Median")) == statistics.median(scores)
    assert [float(x) for x in fact(soup, "Middle half").split(" to ")] == pytest.approx([first, third], abs=0.005)
    assert sum(int(t.get_text()) for t in soup.find_all("text", class_="held")) == 60


def test_every_student_has_a_row_in_natural_order(tmp_path: Path) -> None:
    """s9 stands before s10; a row holds the grade's score, a square per item, and a link when given."""
    grades = [replace(sample.grade(n), student=f"s{n}") for n in (10, 9, 6)]
    soup = report(grades, tmp_path, {"s9": "feed back/s9.html"})
    rows = soup.find(class_="grid").tbody.find_all("tr")
    assert [row.th.get_text() for row in rows] == ["s6", "s9", "s10"]
    assert [row.td.get_text() for row in rows] == [str(sample.grade(n).score) for n in (6, 9, 10)]
    assert rows[1].a["href"] == "feed%20back/s9.html"
    assert [row.a for row in rows][::2] == [None, None]
    squares = rows[0].find_all("td", class_="m")
    assert [s.get_text() for s in squares] == ["✓", "✓", "✓", "✓", "✓", "✓", "?", "✓", "✎", "⚑"]
    assert squares[6]["title"] == "3 of 4 points, 1 open"


def test_scores_are_shown_not_computed(tmp_path: Path) -> None:
    """A score that does not match its items is shown as the grade states it."""
    soup = report([replace(sample.grade(1), score=3.75, max_score=99)], tmp_path)
    assert soup.find(class_="grid").tbody.td.get_text() == "3.75"
    assert soup.find(class_="grid").find("th", class_="number").get_text() == "Score of 99"


def test_checks_show_how_often_they_passed(tmp_path: Path) -> None:
    """The counts next to a check are the numbers of verdicts."""
    grades = sample.classroom(60)
    soup = report(grades, tmp_path)
    name = "masked_key_gets_no_gradient"
    verdicts = [c.status for g in grades for i in g.items for c in i.checks if c.name == name]
    bar = soup.find("small", string=name).find_parent(class_="bar")
    counts = {n["class"][1]: int(n.get_text()[1:]) for n in bar.find_all(class_="n")}
    assert counts == {
        "good": verdicts.count(Status.PASSED),
        "bad": verdicts.count(Status.FAILED),
        "unsure": verdicts.count(Status.COULD_NOT_CHECK),
    }


def test_flagged_submissions_come_with_a_reason(tmp_path: Path) -> None:
    """Errors, dead cells, lost checks and bare flags are each listed with why."""
    plain = replace(sample.grade(1, skill=1.0), cells=())
    grades = [
        replace(plain, student="bare", flagged=True),
        replace(plain, student="failed", error="The file is not a notebook.", flagged=True),
        replace(plain, student="fine"),
        replace(sample.grade(6), student="lost"),
    ]
    told = section(report(grades, tmp_path), "needs-a-look")
    assert "bare • flagged without a stated reason" in told
    assert "failed ✗ The file is not a notebook" in told
    assert "lost ? 1 check could not be run" in told
    assert "fine" not in told


def test_misconceptions_are_ranked(tmp_path: Path) -> None:
    """Each matched mistake is told by what is thought, where that is known, then by what its students read, and the
    number of students who made it."""
    grades = sample.classroom(60)
    told = section(report(grades, tmp_path), "misconceptions")
    for check, text in sample.MISTAKES.items():
        who = {g.student for g in grades for i in g.items for c in i.checks if c.mistake == text}
        thinks = re.escape(sample.THINKS[check]) + r".{1,90}?" if check in sample.THINKS else ""
        assert re.search(thinks + re.escape(words(text)) + r".{1,60}?\b" + f"{len(who)} students", told)


def test_instructor_detail_is_there_with_its_seed(tmp_path: Path) -> None:
    """Detail and seed stand folded under the student's name."""
    grade = sample.grade(5, skill=0.35)
    soup = report([grade], tmp_path)
    fold = soup.find("summary", string=re.compile(re.escape(grade.student))).find_parent("details")
    assert str(grade.seed) in fold.get_text()
    details = [c.detail for i in grade.items for c in i.checks if c.detail]
    assert [pre.get_text() for pre in fold.find_all("pre")] == details


def test_an_empty_class_has_a_page(tmp_path: Path) -> None:
    """No grades give a page that says so."""
    assert "No submissions yet" in report([], tmp_path).get_text()


def test_unequal_totals_are_compared_in_per_cent(tmp_path: Path) -> None:
    """Grades out of different totals share an axis; one without a total is left out and counted."""
    one = sample.grade(1)
    grades = [
        replace(one, student="a", score=5, max_score=10),
        replace(one, student="b", score=20, max_score=20),
        replace(one, student="c", score=0, max_score=0, items=()),
    ]
    soup = report(grades, tmp_path)
    assert fact(soup, "Mean") == "75"
    assert "1 without a score" in section(soup, "scores")


def _large(number: int) -> Grade:
    """A grade with 28 items and detail far above what one page can hold."""
    grade = sample.grade(number)
    items = tuple(replace(item, id=f"{item.id}-{n}") for n in range(4) for item in grade.items)[:28]
    return replace(grade, items=tuple(replace(i, checks=tuple(map(_wordy, i.checks))) for i in items))


def _wordy(check: CheckResult) -> CheckResult:
    return replace(check, detail="value 0.123 " * 400) if check.status is Status.FAILED else check


def test_a_thousand_students_stay_quick_and_small(tmp_path: Path) -> None:
    """A thousand grades of 28 items render in seconds to a few megabytes; detail is rationed and says so."""
    grades = [_large(number) for number in range(1000)]
    path = tmp_path / "class.html"
    assert cpu_seconds(lambda: write_class_report(grades, path, title="x")) < 15
    assert path.stat().st_size < 5_000_000
    page = path.read_text(encoding="utf-8")
    assert page.count("value 0.123") * 12 <= DETAIL_ALL
    assert "Left out to keep this page small" in page
    assert page.count('<th scope="row"') >= 1000
