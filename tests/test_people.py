"""From `seq2grade grade` over formgrader to released feedback: what people and the calendar say, on every page."""

from __future__ import annotations

import copy
import html
import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from nbconvert.exporters import HTMLExporter
from nbgrader.api import Gradebook
from nbgrader.auth import Authenticator
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import ExchangeFetchFeedback, ExchangeReleaseFeedback
from nbgrader.server_extensions.formgrader import handlers
from traitlets.config import Config

from autograder import afterwards, batch
from autograder.batch import Done, Plan
from autograder.errors import AssignmentError, CollectError, GradebookError
from autograder.export.results import submission
from autograder.gradebook.late import course_config
from autograder.grading import Listener
from autograder.model import Grade
from autograder.sandbox.client import Zygote
from tests.courses import Demo, share

pytest_plugins = ["tests.courses"]

REPOSITORY = Path(__file__).resolve().parents[1]
FORMULA = "$x<y$ and $$a<b$$ because <script>alert(1)</script> <img src=x onerror=alert(1)> <!-- gone --> `i<n`"
PER_DAY = '\nc.AssignLatePenalties.plugin_class = "autograder.gradebook.late.PerDay"\n'


@dataclass(frozen=True)
class Class:
    """A course that was graded once, with the first results."""

    demo: Demo
    done: Done

    @property
    def root(self) -> Path:
        return self.demo.root

    def grade(self, *students: str) -> dict[str, Grade]:
        where = tuple(self.root / "submitted" / name for name in students) or (self.root / "submitted",)
        return by_name(batch.run(Plan(self.root, where, seed=1), Listener()))

    def gradebook(self) -> Any:
        return Gradebook(f"sqlite:///{self.root / 'gradebook.db'}")


def by_name(done: Done) -> dict[str, Grade]:
    return {grade.student: grade for grade in done.grades}


def hand_in(demo: Demo, name: str, when: str, **answers: str) -> None:
    folder = demo.hand_in(name, demo.solved(**answers)).path.parent
    if when:
        (folder / "timestamp.txt").write_text(when)


@pytest.fixture(scope="module")
def graded(built_course: Path, warm_zygote: Zygote, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    """Due at the beginning of December, a tenth off for each day; Ada is late, Bob has more time, nobody knows when
    Cleo handed in."""
    root = tmp_path_factory.mktemp("people") / "course"
    shutil.copytree(built_course, root)
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    with (root / "nbgrader_config.py").open("a") as file:
        file.write(PER_DAY)
    demo = Demo(root)
    demo.edit("assignment.toml", 'summary = "', 'due = 2026-12-01T12:00:00+01:00\nsummary = "')
    (root / "extensions.toml").write_text("[demo]\nbob = 2026-12-09T12:00:00+01:00\n")
    hand_in(demo, "ada", "2026-12-02 10:30:00 UTC", shift_proof=FORMULA)
    hand_in(demo, "bob", "2026-12-02 10:30:00 UTC")
    hand_in(demo, "cleo", "")
    demo.hand_in("dan", demo.notebook("release"))
    with pytest.MonkeyPatch.context() as patch:
        share(patch, warm_zygote)
        done = batch.run(Plan(root, (root / "submitted",), seed=1, json=root / "x.json"), Listener())
        yield Class(demo, done)


@pytest.fixture(autouse=True)
def _warm(warm: Zygote) -> None:
    """Every run here is on the warm process."""


def settings(root: Path) -> Config:
    """As nbgrader's commands and formgrader merge them."""
    return course_config(root)


def formgrader_page(root: Path, student: str) -> str:
    """The page on which a person grades."""
    config = settings(root)
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    about = {
        "assignment_id": "demo",
        "notebook_id": "demo",
        "submission_id": "1",
        "index": 0,
        "total": 1,
        "base_url": "",
        "student": student,
        "last_name": "",
        "first_name": "",
        "notebook_path": "",
    }
    path = root / "autograded" / student / "demo" / "demo.ipynb"
    page: str = HTMLExporter(config=config).from_filename(str(path), resources=about)[0]
    return page


def words(page: str) -> str:
    """What a reader sees of a page."""
    page = re.sub(r"<(script|style).*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def in_course(root: Path, **more: str) -> CourseDirectory:
    config = settings(root)
    return CourseDirectory(config=config, assignment_id="demo", course_id="dl", **more)


def feedback(root: Path) -> Path:
    """`nbgrader generate_feedback demo --force`. Returns where the pages are."""
    config = settings(root)
    GenerateFeedback(coursedir=in_course(root), config=config, force=True, exporter_class=HTMLExporter).start()
    return root / "feedback"


def test_lateness_is_counted(graded: Class) -> None:
    """Who was late pays by the course's own policy and reads why; who had more time does not, nor does anybody whose
    time nobody knows. The checks' points are what they were."""
    found = by_name(graded.done)
    assert {name: (grade.score, grade.penalty) for name, grade in found.items()} == {
        "ada": (6.0, 0.6),
        "bob": (6.0, 0.0),
        "cleo": (6.0, 0.0),
        "dan": (0.0, 0.0),
    }
    assert found["ada"].late == (
        "Handed in 23 hours and 30 minutes after it was due (2026-12-01 11:00 UTC): 0.6 points are taken off."
    )
    assert {name for name, grade in found.items() if grade.late} == {"ada"}
    data = submission(found["ada"])
    assert (data["penalty"], data["total"], data["late"]) == (0.6, 5.4, found["ada"].late)
    assert data["edition"] == graded.done.grades[0].edition != ""


def test_an_answer_that_nobody_wrote_waits_for_nobody(graded: Class) -> None:
    """A blank notebook needs no person; the others' written answers do."""
    with graded.gradebook() as api:
        waits = {one.student.id: one.needs_manual_grade for one in api.assignment_submissions("demo")}
    assert waits == {"ada": True, "bob": True, "cleo": True, "dan": False}
    assert by_name(graded.done)["dan"].items[-1].status == "not_started"


def test_formgrader_shows_how_to_grade(graded: Class) -> None:
    """Rubric and reference answer stand below the written answer, for the instructor only: no file of autograded/ and
    no page for students has them."""
    page = words(formgrader_page(graded.root, "ada"))
    pages = feedback(graded.root)
    secret = "cancels"
    assert page.index("Student's answer") < page.index("how it is graded. Students do not see") < page.index(secret)
    assert "Reference answer" in page
    for folder in ("autograded/ada", "feedback/ada"):
        for path in (graded.root / folder).rglob("*"):
            assert not path.is_file() or "how it is graded" not in path.read_text(encoding="utf-8")
    assert secret not in words((pages / "ada" / "demo" / "demo.html").read_text(encoding="utf-8"))


def test_formulas_stay_formulas(graded: Class) -> None:
    """A relation in a formula reaches the page as one, not as an entity; markup is text all the same."""
    for page in (formgrader_page(graded.root, "ada"), (feedback(graded.root) / "ada/demo/demo.html").read_text()):
        assert "$x< y$ and $$a< b$$" in words(page)
        assert "&amp;lt;" not in page
        assert not re.search(r"<script>alert|<img src=x|<!-- gone", page)


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # nbgrader's release_feedback leaves it open
def test_feedback_is_released(graded: Class, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """nbgrader's release_feedback takes every page, also of those who did not hand in through the exchange, and a
    student who did fetches his own."""
    (graded.root / "submitted" / "bob" / "demo" / "submission_secret.txt").write_text("bob's own secret")
    graded.grade("bob")
    feedback(graded.root)
    exchange, cache = tmp_path / "exchange", tmp_path / "cache" / "dl" / "bob+demo+2026-12-02 10:30:00 UTC"
    exchange.mkdir(mode=0o777)
    exchange.chmod(0o777)
    cache.mkdir(parents=True)
    shutil.copy(graded.root / "submitted" / "bob" / "demo" / "demo.ipynb", cache)
    (cache / "submission_secret.txt").write_text("bob's own secret")
    config = Config(
        {
            "Exchange": {
                "root": str(exchange),
                "cache": str(tmp_path / "cache"),
                "timezone": "UTC",
                "assignment_dir": str(tmp_path / "mine"),
            }
        }
    )
    course = in_course(graded.root, student_id="*")
    monkeypatch.chdir(graded.root)
    for _ in range(2):
        ExchangeReleaseFeedback(coursedir=course, authenticator=Authenticator(), config=config).start()
    assert len(list((exchange / "dl" / "feedback").glob("*.html"))) == 4
    ExchangeFetchFeedback(coursedir=course, authenticator=Authenticator(), config=config).start()
    (fetched,) = (tmp_path / "mine").rglob("*.html")
    assert fetched.read_bytes() == (graded.root / "feedback" / "bob" / "demo" / "demo.html").read_bytes()


def test_what_a_person_gave_is_everywhere(graded: Class, tmp_path: Path) -> None:
    """Points, extra credit and words from formgrader are in nbgrader's page, whose numbers agree, in our pages and
    results without a notebook being run, and in the next run's; lateness is settled by the points that then stand.
    Changed work keeps the points and asks for another look."""
    with graded.gradebook() as api:
        proof = api.find_grade("shift-proof", "demo", "demo", "ada")
        proof.manual_score, proof.extra_credit, proof.needs_manual_grade = 2.0, 0.5, False
        api.find_grade("test-hot-limit", "demo", "demo", "ada").manual_score = 1.0
        api.find_comment("shift-proof", "demo", "demo", "ada").manual_comment = "Almost. Which constant?"
        api.db.commit()
    page = words((feedback(graded.root) / "ada" / "demo" / "demo.html").read_text(encoding="utf-8"))
    assert "(Score: 6.75 / 9.0)" in page
    assert "Your instructor gave 1 of 2 points, which count instead of the checks'." in page
    assert "2 of 2 points" not in page.replace("the checks give 2 of 2 points", "")
    assert "Almost. Which constant?" in page
    assert "0.75 points are taken off" in page
    shown = afterwards.report(graded.root, ["demo"], tmp_path / "out")
    assert (tmp_path / "out" / "demo" / "class.html").is_file()
    assert [grade.student for grade in shown.grades] == ["ada", "bob", "cleo", "dan"]
    for grade in (by_name(shown)["ada"], graded.grade("ada")["ada"]):
        items = {item.id: item for item in grade.items}
        assert (items["shift-proof"].person, items["shift-proof"].extra, items["hot-limit"].person) == (2.0, 0.5, 1.0)
        assert (items["shift-proof"].comment, items["shift-proof"].status) == ("Almost. Which constant?", "partial")
        assert (grade.score, grade.penalty, grade.flagged) == (6.0, 0.75, False)
        assert submission(grade)["total"] == 6.75
        assert grade.notebook["cells"]
    hand_in(graded.demo, "ada", "2026-12-01 10:30:00 UTC", shift_proof="Another proof.")
    again = graded.grade("ada")["ada"]
    assert (again.items[-1].person, again.items[-1].status, again.flagged) == (2.0, "needs_manual_grade", True)
    assert (again.penalty, again.late) == (0.0, "")
    json.dumps(submission(again))


def test_report_says_what_is_missing(graded: Class, tmp_path: Path) -> None:
    """An assignment that is not there and a course in which nothing was graded are errors with a way out."""
    with pytest.raises(AssignmentError, match="nothing-like-it"):
        afterwards.report(graded.root, ["nothing-like-it"], None)
    with pytest.raises(CollectError, match="seq2grade grade"):
        afterwards.report(graded.root, ["chain"], None)


def test_a_policy_that_cannot_be_had_is_said_before_grading(graded: Class, tmp_path: Path) -> None:
    """Grading without it would hand out penalties that nobody chose, or none."""
    root = tmp_path / "course"
    shutil.copytree(graded.root, root)
    (root / "nbgrader_config.py").write_text("c.AssignLatePenalties.plugin_class = 'no.Such'\n")
    with pytest.raises(GradebookError, match=r"late policy in nbgrader_config.py"):
        batch.run(Plan(root, (root / "submitted",)), Listener())
    (root / "extensions.toml").write_text("[demo]\nbob = 3\n")
    (root / "nbgrader_config.py").unlink()
    with pytest.raises(AssignmentError, match=r"demo\.bob"):
        batch.run(Plan(root, (root / "submitted",)), Listener())


def test_the_demo_has_a_gradebook_of_its_own(graded: Class, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment names: a made-up class has no place in a real gradebook."""
    real = tmp_path / "real.db"
    monkeypatch.setenv("SEQ2GRADE_DB", f"sqlite:///{real}")
    plan = batch.make_demo(graded.root, "demo", tmp_path / "demo", 1, "auto")
    chosen = copy.copy(plan)
    done = batch.run(Plan(**{**vars(chosen), "paths": (tmp_path / "demo" / "submitted" / "blank",)}), Listener())
    assert done.notes[0] == f"gradebook: sqlite:///{tmp_path / 'demo' / 'gradebook.db'}"
    assert (tmp_path / "demo" / "gradebook.db").is_file()
    assert not real.exists()
    assert "SEQ2GRADE_DB" in os.environ
