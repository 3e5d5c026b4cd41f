"""A real Jupyter server in a browser: formgrader from its first page to released feedback, a student's notebook."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.assignment import load_assignment
from autograder.build import build_assignment, new_assignment, new_course
from autograder.course import points_of
from autograder.judge.trusted import Trusted
from tests.browser.chromium import at, opened
from tests.browser.server import REPOSITORY, serving
from tests.courses import Notebook, answer

pytestmark = pytest.mark.long

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>"
HOSTILE = "<img src=x onerror=alert(3)>"  # a folder can have this name, so a student can
COMMENT = 'Almost: which constant? 1 < 2 & "2" > 1'


def hand_in(root: Path, student: str, notebook: Notebook) -> None:
    folder = root / "submitted" / student / "tiny"
    folder.mkdir(parents=True)
    (folder / "tiny.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of one small assignment with two submissions, whose texts and one of whose names are markup; and the
    release of a large one, the first answer of which is half right."""
    root = tmp_path_factory.mktemp("browser") / "course"
    new_assignment(root, "tiny")
    assignment = load_assignment(root / "assignments" / "tiny")
    build_assignment(assignment, points_of(Trusted.load(assignment).listed), root)
    new_course(root)
    (exchange := root.parent / "exchange").mkdir()
    exchange.chmod(0o777)
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(f'\nc.CourseDirectory.course_id = "dl"\nc.Exchange.root = {str(exchange)!r}\n')
        file.write(f"c.Exchange.cache = {str(root.parent / 'cache')!r}\n")
    solved = json.loads((root / "solutions" / "tiny" / "tiny.ipynb").read_text(encoding="utf-8"))
    code = next(c["source"] for c in solved["cells"] if c["id"] == "tempered-softmax")
    code = "".join(code).replace("    scaled =", f"    print({ATTACK!r})\n    scaled =")
    ada = answer(answer(solved, "tempered-softmax", code), "shift-proof", f"{ATTACK} because $x<y$")
    hand_in(root, "ada", ada)
    hand_in(root, HOSTILE, solved)
    lesson = json.loads((REPOSITORY / "release/rnn_backprop/rnn_backprop.ipynb").read_text(encoding="utf-8"))
    (root / "lesson.ipynb").write_text(json.dumps(answer(lesson, "s000-3_1", HALF_RIGHT)), encoding="utf-8")
    return root


HALF_RIGHT = 'def rnn_graph(T):\n    return {(f"h{t}", f"h{t + 1}") for t in range(T)}'


@pytest.fixture(scope="module")
def address(course: Path) -> Iterator[Any]:
    """The course's server: makes an address of a path."""
    with tempfile.TemporaryDirectory(prefix="s2g-") as home, serving(course, Path(home)) as made:
        yield made


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    with opened(chromium) as page:
        yield page


def row_of(page: Any, student: str) -> Any:
    """A student's row in formgrader's table of submissions."""
    return page.locator("#main-table tr").filter(has=page.locator(".student-id", has_text=student))


def press(page: Any, student: str, button: str) -> None:
    """One of formgrader's pictures of a button, and the box that says how it went."""
    row_of(page, student).locator(f".{button} a").click()
    box = page.locator(".modal.in").last
    box.wait_for()
    assert "Success" in box.locator(".modal-title").inner_text(), box.inner_text()
    box.get_by_role("button", name="OK").click()
    box.wait_for(state="detached")


def test_from_the_first_click_to_released_feedback(page: Any, address: Any, course: Path) -> None:
    """In formgrader an instructor has a submission graded, reads the rubric, gives points and a comment by hand, and
    releases the feedback, in which the student finds both. No markup of a submission or of a name runs on the way."""
    page.goto(address("formgrader/manage_assignments"))
    page.locator("#main-table tr", has_text="tiny").locator(".num-submissions a").click()
    assert row_of(page, "ada").locator(".status").inner_text() == "needs autograding"
    assert row_of(page, HOSTILE).count() == 1
    press(page, "ada", "autograde")
    row = row_of(page, "ada")
    row.locator(".status", has_text="needs manual grading").wait_for()
    assert row.locator(".score").inner_text() == "6 / 9"

    page.goto(address("formgrader/gradebook/tiny/tiny"))
    page.locator("#main-table a", has_text="Submission #1").click()
    page.locator("#shift-proof").wait_for()
    assert page.get_by_text("Students do not see this here").count() == 1
    assert page.get_by_text(ATTACK).count() >= 1
    with page.expect_response(re.compile("/api/grade/")) as saved:
        page.locator("#shift-proof").fill("2")
        page.locator("#shift-proof").press("Tab")
    assert saved.value.ok
    with page.expect_response(lambda answer: "/api/comment/" in answer.url and answer.request.method == "PUT") as saved:
        page.locator("#shift-proof-comment").fill(COMMENT)
        page.locator("#shift-proof-comment").press("Tab")
    assert saved.value.ok

    page.goto(address("formgrader/manage_submissions/tiny"))
    row_of(page, "ada").locator(".status", has_text=re.compile("^graded$")).wait_for()
    assert row_of(page, "ada").locator(".score").inner_text() == "8 / 9"
    press(page, "ada", "generate-feedback")
    press(page, "ada", "release-feedback")
    (released,) = (course.parent / "exchange" / "dl" / "feedback").glob("*.html")
    shutil.copy(released, readable := course.parent / "feedback.html")
    page.goto(at(readable))
    assert "(Score: 8.0 / 9.0)" in page.locator("body").inner_text()
    assert page.get_by_text(COMMENT).is_visible()
    assert page.get_by_text("Students do not see this here").count() == 0
    assert page.get_by_text(ATTACK).count() >= 1


def test_public_tests_show_what_holds(page: Any, address: Any) -> None:
    """A released notebook opens in JupyterLab, its cells run, and below an answer that is half right stands a line for
    each public test, and one sentence."""
    page.goto(address("lab/tree/lesson.ipynb"))
    page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook").wait_for()
    page.get_by_text(re.compile(r"Python 3 .*\| Idle")).wait_for()  # what is run before is not run at all
    page.locator(".jp-Cell").first.click()
    tests = page.locator(".jp-CodeCell", has_text="public_tests_graph")
    for _ in range(12):
        page.keyboard.press("Shift+Enter")
    said = tests.locator(".jp-OutputArea-output")
    said.filter(has_text="public tests do not hold yet").wait_for()
    text = tests.locator(".jp-OutputArea").inner_text()
    assert "✓ " in text
    assert "✗ " in text
    assert "Traceback" not in text
