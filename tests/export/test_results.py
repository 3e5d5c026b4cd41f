"""`--json`: the documented form, for every kind of grade."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import __version__
from autograder.export.results import SCHEMA, dumps, results, submission
from autograder.fleet.local import grade_many
from autograder.model import CellRun, CheckResult, Grade, ItemGrade, Kind, Repair, Status, Submission

if TYPE_CHECKING:
    from tests.courses import Grader

pytest_plugins = ["tests.courses"]

DOCS = Path(__file__).resolve().parents[2] / "docs"
schema: dict[str, Any] = json.loads((DOCS / "results.schema.json").read_text(encoding="utf-8"))
validator = jsonschema.Draft202012Validator(schema)


def fields() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(object, field, its schema) of everything that the schema describes."""
    for place, node in {"": schema, **schema["$defs"]}.items():
        for field, about in node.get("properties", {}).items():
            yield place, field, about


def full(**more: Any) -> Grade:
    """A grade with something in every field."""
    check = CheckResult(
        "a",
        "one",
        Status.FAILED,
        0.0,
        1.5,
        "claim",
        "wrong.",
        "think.",
        "<svg/>",
        "You doubled.",
        "x\nseed 1",
        thinks="a square is twice",
    )
    item = ItemGrade("one", "One", Kind.CODE, "test-one", 0.0, 1.5, "failed", 0.0, "You doubled.", (check,))
    manual = ItemGrade(
        "two",
        "Two",
        Kind.MANUAL,
        "two",
        0.0,
        3.0,
        "partial",
        0.0,
        person=2.0,
        extra=0.5,
        comment="Nearly.",
        rubric="- **3**: all",
        reference="So.",
    )
    repaired = (Repair("edited", "test-one", "put back"),)
    grade = Grade(
        "ada",
        "hw",
        "0" * 64,
        0.0,
        1.5,
        (item, manual),
        3.0,
        0.0,
        repaired,
        "a cell ended the process",
        True,
        7,
        "namespaces",
        1.23456,
        0.98765,
        (CellRun("one", "ok", 0.00123),),
    )
    grade = replace(grade, penalty=0.25, late="Handed in late.", edition="1" * 64)
    return replace(grade, **more)


def test_the_schema_is_a_schema() -> None:
    """results.schema.json is valid JSON Schema, and allows no field that it does not describe."""
    jsonschema.Draft202012Validator.check_schema(schema)
    for node in (schema, *(d for d in schema["$defs"].values() if d.get("type") == "object")):
        assert node["additionalProperties"] is False
        assert set(node["required"]) == set(node["properties"])


def test_every_kind_of_result_fits_the_schema(grader: Grader) -> None:
    """Grades of good, wrong, dying, unreadable, unknown and manual work, as the pipeline makes them."""
    demo = grader.demo
    deleted = demo.solved()
    del deleted["cells"][-1]
    submissions = [
        demo.hand_in("good", demo.solved()),
        demo.hand_in("blank", demo.notebook("release")),
        demo.hand_in("repaired", deleted),
        demo.hand_in("unreadable", "{"),
        demo.hand_in("dies", demo.solved("chain", square="import os\nos._exit(0)"), "chain"),
        demo.hand_in("wrong", demo.solved("chain", square="def square(x):\n    return x + 0.5"), "chain"),
        Submission("unknown", "", Path("x.ipynb")),
    ]
    demo.edit("checks.py", "expect.unharmed(z, after[0]", "expect.unharmed(nowhere, after[0]")
    document = json.loads(dumps(list(grade_many(grader.course, submissions, seed=1))))
    validator.validate(document)
    found = {entry["student"]: entry for entry in document["submissions"]}
    assert [(e["assignment"], e["student"]) for e in document["submissions"]] == [
        ("", "unknown"),
        ("chain", "dies"),
        ("chain", "wrong"),
        ("demo", "blank"),
        ("demo", "good"),
        ("demo", "repaired"),
        ("demo", "unreadable"),
    ]
    assert found["good"]["pending"] == 1
    assert found["good"]["items"][0]["checks"][2]["status"] == "could_not_check"
    assert [c["carried"] for c in found["wrong"]["items"][1]["checks"]] == [True, True]
    assert found["repaired"]["repaired"]
    assert "exit" in found["dies"]["error"]


def test_a_grade_with_everything_in_it() -> None:
    """Each field says what the grade says, with points as short numbers and times rounded."""
    entry = submission(full())
    validator.validate(results([full()]))
    assert entry == {
        "student": "ada",
        "assignment": "hw",
        "score": 0,
        "max_score": 1.5,
        "pending": 0,
        "manual_max_score": 3,
        "total": 2.25,
        "penalty": 0.25,
        "late": "Handed in late.",
        "repaired": [{"kind": "edited", "cell": "test-one", "message": "put back"}],
        "error": "a cell ended the process",
        "flagged": True,
        "digest": "0" * 64,
        "edition": "1" * 64,
        "seed": 7,
        "sandbox": "namespaces",
        "device": "cpu",
        "time_factor": 1,
        "seconds": 1.235,
        "cpu_seconds": 0.988,
        "cells": [{"cell": "one", "status": "ok", "seconds": 0.001, "error": None}],
        "items": [
            {
                "id": "one",
                "title": "One",
                "kind": "code",
                "score": 0,
                "max_score": 1.5,
                "status": "failed",
                "pending": 0,
                "person": None,
                "extra": 0,
                "comment": "",
                "rubric": "",
                "reference": "",
                "checks": [
                    {
                        "id": "one.1",
                        "name": "a",
                        "claim": "claim",
                        "status": "failed",
                        "points": 0,
                        "max_points": 1.5,
                        "carried": False,
                        "thinks": "a square is twice",
                        "message": "You doubled. wrong. think.",
                        "detail": "x\nseed 1",
                    }
                ],
            },
            {
                "id": "two",
                "title": "Two",
                "kind": "manual",
                "score": 0,
                "max_score": 3,
                "status": "partial",
                "pending": 0,
                "person": 2,
                "extra": 0.5,
                "comment": "Nearly.",
                "rubric": "- **3**: all",
                "reference": "So.",
                "checks": [],
            },
        ],
    }


def test_nothing_that_went_wrong_is_null() -> None:
    """An error that is not there is null, not an empty text."""
    assert submission(full(error=""))["error"] is None
    assert submission(full(late=""))["late"] is None


def test_no_submissions_are_a_document_too() -> None:
    """An empty run is valid, with schema and version."""
    assert results([]) == {"schema": SCHEMA, "seq2grade": __version__, "submissions": []}
    validator.validate(results([]))


def test_the_order_of_grading_does_not_show() -> None:
    """Submissions are sorted by assignment and student, so that two runs can be compared line by line."""
    grades = [full(student=s, assignment=a) for a in ("b", "a") for s in ("x", "w")]
    assert dumps(grades) == dumps(grades[::-1])
    assert dumps(grades).endswith("}\n")


@given(st.text(st.characters(exclude_categories=["Cs"])), st.floats(0, 1e6), st.floats(0, 1e6))
def test_any_text_and_any_points_survive(text: str, points: float, seconds: float) -> None:
    """What is written is read back as it was, in UTF-8."""
    grade = full(student=text, error=text, score=points, max_score=points, seconds=seconds)
    document = json.loads(dumps([grade]).encode("utf-8"))
    validator.validate(document)
    (entry,) = document["submissions"]
    assert (entry["student"], entry["error"], entry["score"]) == (text, text or None, points)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"score": -1}, "score"),
        ({"flagged": "yes"}, "flagged"),
        ({"error": ""}, "error"),
        ({"digest": "xyz"}, "digest"),
        ({"extra": 1}, "extra"),
        ({"items": [{"id": "x"}]}, "required"),
        ({"seed": 1.5}, "seed"),
    ],
)
def test_the_schema_notices_what_is_wrong(change: dict[str, Any], where: str) -> None:
    """A document of another form is refused: the schema can fail."""
    entry = submission(full()) | change
    with pytest.raises(jsonschema.ValidationError, match=f"{where}|{change[next(iter(change))]!r}"):
        validator.validate({"schema": SCHEMA, "seq2grade": "1", "submissions": [entry]})


def test_every_closed_set_is_the_models() -> None:
    """Statuses and kinds in the schema are those of the model, none missing and none invented."""
    sets = {(place, field): set(about["enum"]) for place, field, about in fields() if "enum" in about}
    assert sets[("check", "status")] == {s.value for s in Status}
    assert sets[("item", "kind")] == {k.value for k in Kind}


def test_every_field_is_explained() -> None:
    """Each field of the schema has a description, and its line in results-schema.md."""
    page = (DOCS / "results-schema.md").read_text(encoding="utf-8")
    sections = {match[1]: match[2] for match in re.finditer(r"## (\w+)[^\n]*\n(.*?)(?=\n## |\Z)", page, re.DOTALL)}
    for place, field, about in fields():
        assert about["description"].endswith("."), field
        assert f"| `{field}` |" in sections[place or "document"], f"{place}.{field}"


def test_the_example_is_valid() -> None:
    """The example in results-schema.md fits the schema."""
    page = (DOCS / "results-schema.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    validator.validate(json.loads(example))


def test_no_student_can_fill_the_file() -> None:
    """Each text is bounded and each list too, what was cut is marked, and the form holds."""
    long = "x" * 3_000_000
    check = CheckResult("a", "one", Status.FAILED, 0.0, 1.5, long, long, long, "", long, long)
    item = ItemGrade("one", "One", Kind.CODE, "test-one", 0.0, 1.5, "failed", 0.0, "", (check,))
    cells = tuple(CellRun(f"c{n}" * 50_000, "ok", 1.0, long) for n in range(300))
    repaired = (Repair("files", long, long),) * 5000
    huge = full(student=long, error=long, sandbox=long, items=(item,), cells=cells, repaired=repaired)
    text = dumps([huge])
    assert len(text) < 2_500_000
    document = json.loads(text)
    assert list(validator.iter_errors(document)) == []
    (entry,) = document["submissions"]
    for cut in (entry["error"], entry["items"][0]["checks"][0]["detail"], entry["items"][0]["checks"][0]["message"]):
        assert len(cut) == 2000
        assert cut.endswith("[cut]")
    assert len(entry["cells"]) == len(entry["repaired"]) == 201
    assert "100 more cells" in entry["cells"][-1]["error"]
    assert entry["cells"][-1]["seconds"] == 100
    assert "4800 more" in entry["repaired"][-1]["message"]


def test_the_worst_of_the_cells_that_are_left_out_is_told() -> None:
    """Hiding a failure behind two hundred cells does not hide it."""
    cells = tuple(CellRun(f"c{n}", "died" if n == 250 else "ok", 0.0) for n in range(300))
    assert submission(full(cells=cells))["cells"][-1]["status"] == "died"
    assert submission(full(cells=cells[:200]))["cells"][-1]["cell"] == "c199"


def test_text_that_is_no_text_can_be_written() -> None:
    """A lone surrogate in a student's text does not break the file of the whole class."""
    assert "bad ?" in dumps([full(error="bad \ud800")]).encode().decode()
