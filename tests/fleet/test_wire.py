"""What travels: a grade that went over the wire is the same grade, and a worker that is not fit says why."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograder.course import Course, Spec
from autograder.errors import SandboxError, SandboxUnavailable
from autograder.fleet import worker
from autograder.fleet.wire import SCHEMA, Answer, BadAnswer, Greeting, Job, code_digest
from autograder.model import Collected, Grade, Limits, Repair, Submission
from autograder.pipeline import grade_submission, received
from tests.courses import LIMITS, share

if TYPE_CHECKING:
    from autograder.sandbox.client import Zygote
    from tests.courses import Grader

pytest_plugins = ["tests.courses"]


@pytest.fixture(autouse=True)
def hall(monkeypatch: pytest.MonkeyPatch, warm_zygote: Zygote) -> None:
    """A worker that was just started, in this process, which opens courses on the warm process."""
    monkeypatch.setattr(worker, "_hall", worker._Hall())
    share(monkeypatch, warm_zygote)


def greeting(grader: Grader) -> Greeting:
    """Of a run over the test's course."""
    course = Course(grader.demo.root, grader.course.zygote, LIMITS)
    return Greeting(course.spec, course.settings, code_digest(), {"chain": course.prepare("chain").digest})


def job(grader: Grader, student: str = "ada", **answers: str) -> Job:
    """One submission to `chain`, as the grader sends it."""
    submission = grader.demo.hand_in(student, grader.demo.solved("chain", **answers), "chain")
    prepared = grader.course.prepare("chain")
    found = received(grader.course, submission, 4)
    assert isinstance(found, Collected)
    return Job(greeting(grader).key, found, prepared.digest, 4)


def refusal(sent: Greeting) -> str:
    """Why the worker does not take this."""
    answer = Answer.load(worker.greet(sent.dump()))
    assert not answer.ready
    return answer.refused


def test_a_worker_gives_the_grade_of_here(grader: Grader) -> None:
    """Greeted and sent work with a wrong answer and a file beside it, it gives what grading here gives, whole."""
    assert Answer.load(worker.greet(greeting(grader).dump())).ready
    sent = job(grader, square="def square(x):\n    return open('note.txt').read() and 2 * x")
    sent = replace(sent, collected=replace(sent.collected, files={"note.txt": b"\xff\x00"}))
    answer = Answer.load(worker.grade(sent.dump()))
    here = grade_submission(grader.course, sent.collected.submission, 4, collected=sent.collected)
    assert answer.grade is not None
    clocks = {"seconds": 0.0, "cpu_seconds": 0.0}
    there, here = (replace(one, **clocks, cells=(), items=()) for one in (answer.grade, here))
    assert there == here
    assert answer.grade.score < answer.grade.max_score
    assert answer.grade.notebook["cells"]


def test_work_without_a_greeting_is_sent_back(grader: Grader) -> None:
    """A worker that was started anew in between knows nothing, and says so."""
    assert Answer.load(worker.grade(job(grader).dump())).unknown


def test_another_version_is_refused(grader: Grader) -> None:
    """Other code, though it calls itself the same version, and other settings: each with what to do."""
    told = greeting(grader)
    assert "install the very same one there" in refusal(replace(told, code="0" * 64))
    other = refusal(replace(told, settings=told.settings.replace("torch ", "torch 9")))
    assert "torch 9" in other
    assert "install the same ones there" in other


def test_another_course_is_refused(grader: Grader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder that is not there, one whose copy is found by the variable, and an assignment that is not the same."""
    told = greeting(grader)
    nowhere = replace(told, spec=replace(told.spec, root=Path("/nowhere/at/all")))
    assert "share that folder" in refusal(nowhere)
    monkeypatch.setenv(worker.PLACE, str(grader.demo.root))
    assert Answer.load(worker.greet(nowhere.dump())).ready
    monkeypatch.delenv(worker.PLACE)
    grader.demo.edit("checks.py", "one product per entry", "one product for each entry", "chain")
    assert "copy assignments/ and release/ there" in refusal(told)


def test_a_warm_process_that_does_not_start_may_start_later(
    grader: Grader, warm_zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that is too busy now is no machine that lacks something: it is asked again."""

    def start(error: Exception) -> Answer:
        def fails(zygote: Zygote) -> None:
            raise error

        monkeypatch.setattr(type(warm_zygote), "start", fails)
        return Answer.load(worker.greet(greeting(grader).dump()))

    slow, lacking = start(SandboxError("not in time")), start(SandboxUnavailable("no namespaces"))
    assert (slow.refused, slow.later) == ("not in time", True)
    assert (lacking.refused, lacking.later) == ("no namespaces", False)


def test_an_assignment_that_changed_since_is_not_graded(grader: Grader) -> None:
    """Work that was put right by one release is never judged by another edition."""
    assert Answer.load(worker.greet(greeting(grader).dump())).ready
    sent = job(grader)
    grader.demo.edit("checks.py", "one product per entry", "one product for each entry", "chain")
    answer = Answer.load(worker.grade(sent.dump()))
    assert answer.grade is None
    assert "is not the one that is graded here" in answer.refused


def test_what_is_no_message_is_refused() -> None:
    """Bytes of anything else end in a sentence, never in an exception on the worker."""
    assert "install the same versions there" in Answer.load(worker.greet(b"\x81")).refused
    assert "install the same versions there" in Answer.load(worker.grade(b"")).refused


def test_a_greeting_comes_as_it_was_sent() -> None:
    """With limits and without; its key says everything but the editions."""
    spec = Spec(Path("/course"), "namespaces", "cpu", Limits(cell_seconds=2.5), True, figures=False)
    one = Greeting(spec, "torch 2", "abc", {"hw1": "d1"}, ("/submitted/\udcffada",))
    assert Greeting.load(one.dump()) == one
    assert one.key == replace(one, editions={"hw1": "d2"}).key
    assert one.key != replace(one, hidden=()).key


def test_a_job_comes_as_it_was_sent() -> None:
    """Files as bytes, the notebook as JSON, an earlier grade whole."""
    earlier = Grade("ada", "hw1", "d", 1.5, notebook={"cells": [{"source": "é"}]}, unanswered=frozenset({"b", "a"}))
    repairs = (Repair("files", "", "a link"),)
    collected = Collected(Submission("ada", "hw1", Path("hw1")), "d", {"cells": []}, repairs, {"x/y": b"\xff"}, True)
    one = Job("key", collected, "edition", 7, earlier)
    assert Job.load(one.dump()) == one


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", json.dumps({"schema": "other/1"}), json.dumps({"schema": SCHEMA, "grade": {"student": 1}})],
)
def test_an_answer_is_what_was_agreed_or_nothing(text: str) -> None:
    """Whatever else comes back is no grade."""
    with pytest.raises(BadAnswer):
        Answer.load(text.encode())


def test_dask_carries_answers_as_they_are() -> None:
    """Bytes travel as bytes: Dask makes no pickle of an answer."""
    from distributed.protocol import serialize

    header, frames = serialize(Answer(ready=True).dump())
    assert header["serializer"] == "dask"
    assert b"".join(map(bytes, frames)) == Answer(ready=True).dump()
