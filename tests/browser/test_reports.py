"""Feedback page and class report in a browser: light and dark, on a desk, on a telephone and on paper, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.report.classreport import write_class_report
from autograder.report.feedback import write_feedback
from tests.browser.chromium import DESK, PHONE, at, opened, serious, tiny_text, too_wide, unnamed_pictures
from tests.report import sample
from tests.report.hostile import PAYLOADS, everywhere

TITLE = "Backpropagation through time, by hand"
ANSWER = f"def attend(q, k, v):\n    # every query may look everywhere {'x' * 200}\n    return softmax(q @ k.T) @ v"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A page of each kind: a class of 19, one of them with wrong answers, a picture, a comment, and lateness."""
    folder = tmp_path_factory.mktemp("reports")
    class_ = sample.classroom(18)
    one = sample.grade(6, skill=0.4)
    cells = [{"cell_type": "code", "id": item.answer or item.id, "metadata": {"nbgrader": {"grade_id": item.answer}},
              "source": ANSWER} for item in one.items]  # fmt: skip
    manual = replace(one.items[-1], person=2.0, comment="Good. And what about *memory*?", pending=0.0, status="partial")
    one = replace(one, penalty=0.5, late="Handed in an hour after it was due: 0.5 points are taken off.",
                  notebook={"cells": cells}).with_items((*one.items[:-1], manual))  # fmt: skip
    page, _ = write_feedback(one, folder / "one", title=TITLE)
    report = write_class_report([*class_, one], folder / "class.html", title=TITLE)
    return {"feedback": page, "class": report}


@pytest.fixture(params=["feedback", "class"])
def path(request: pytest.FixtureRequest, written: dict[str, Path]) -> Path:
    """Each of the two kinds."""
    return written[request.param]


@pytest.fixture
def page(chromium: Any, path: Path) -> Iterator[Any]:
    """One of the two, on a telephone."""
    with opened(chromium, size=PHONE, bypass_csp=True) as page:  # axe is a script, and these pages allow none
        page.goto(at(path))
        yield page


def test_nothing_keeps_anybody_from_reading(page: Any) -> None:
    """Everything unfolded, light on a telephone and dark on a desk: axe finds nothing serious (contrast, names), no
    text is tiny, nothing makes the page scroll sideways, and each picture is told in words."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert too_wide(page) == []
    assert tiny_text(page) == []
    assert serious(page) == []
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    page.emulate_media(color_scheme="dark")
    assert too_wide(page) == []
    assert tiny_text(page) == []
    assert serious(page, only=("color-contrast", "scrollable-region-focusable")) == []
    assert unnamed_pictures(page) == []
    assert page.locator("svg").count() >= 1


def test_dark_is_dark(chromium: Any, path: Path) -> None:
    """Who asks for dark pages gets them; on paper they are white all the same."""
    with opened(chromium, dark=True) as page:
        page.goto(at(path))
        assert brightness(page) < 60
        page.emulate_media(media="print")
        assert brightness(page) == 255


def brightness(page: Any) -> float:
    """Of the page's background, 0 to 255."""
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    parts = [float(part) for part in colour.partition("(")[2].rstrip(")").split(",")[:3]]
    return sum(parts) / 3


def test_paper_has_all_of_it(page: Any) -> None:
    """Printed, nothing is cut off by a frame, links to places of the page are gone, and what explains an item is there
    though it was folded."""
    page.emulate_media(media="print")
    cut = page.evaluate(
        "[...document.querySelectorAll('.frame, .tall')].filter(one => one.offsetHeight > 0)"
        ".filter(one => getComputedStyle(one).overflowY !== 'visible').length"
    )
    assert cut == 0
    assert page.locator("nav:visible, .back:visible").count() == 0
    folded = page.locator(".card details:not([open]) > div")
    if page.locator(".card").count():
        assert folded.count() > 0
        assert folded.first.bounding_box()["height"] > 10
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_parts_unfold_by_keyboard(page: Any) -> None:
    """Tab reaches the first folded part, one sees that it did, Enter opens it and Space closes it."""
    summary = page.locator("summary").first
    for _ in range(200):
        page.keyboard.press("Tab")
        if summary.evaluate("one => one === document.activeElement"):
            break
    assert summary.evaluate("one => one === document.activeElement")
    assert summary.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    inner = page.locator("details").first.locator("> div")
    assert not inner.is_visible()
    page.keyboard.press("Enter")
    inner.wait_for(state="visible")
    page.keyboard.press("Space")
    inner.wait_for(state="hidden")


def test_no_text_of_a_student_runs(chromium: Any, tmp_path: Path) -> None:
    """Markup in every text that a page shows stays text, even where the page's own policy against scripts is
    lifted: no dialog opens, nothing is asked for, and no element is there that could do either."""
    grades = [everywhere(payload) for payload in PAYLOADS]
    pages = [write_feedback(grade, tmp_path / str(n), title=PAYLOADS[n])[0] for n, grade in enumerate(grades)]
    pages.append(write_class_report(grades, tmp_path / "class.html", title=PAYLOADS[1]))
    with opened(chromium, bypass_csp=True) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for one in pages:
            page.goto(at(one))
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            page.mouse.move(200, 300)
            assert (
                page.locator("script, iframe, img, object, embed, form, [onload], [onerror], [onmouseover]").count()
                == 0
            )
        assert asked == [at(one) for one in pages]
