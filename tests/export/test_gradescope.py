"""Gradescope's results.json has the documented fields and nothing hidden; the zip is what it asks for."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from autograder.export.gradescope import archive, results_json
from autograder.export.public import Result, public
from tests.export.made import HIDDEN, grade, result
from tests.export.test_github import saying
from tests.report.hostile import PAYLOADS

VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
# The fields of Gradescope's documentation, and no others.
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["score", "tests"],
    "properties": {
        "score": {"type": "number"},
        "execution_time": {"type": "number"},
        "output": {"type": "string"},
        "output_format": FORMAT,
        "test_output_format": FORMAT,
        "test_name_format": FORMAT,
        "visibility": VISIBILITY,
        "stdout_visibility": VISIBILITY,
        "extra_data": {"type": "object"},
        "leaderboard": {"type": "array"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "score": {"type": "number"},
                    "max_score": {"type": "number"},
                    "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string"},
                    "name_format": FORMAT,
                    "number": {"type": "string"},
                    "output": {"type": "string"},
                    "output_format": FORMAT,
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "visibility": VISIBILITY,
                    "extra_data": {"type": "object"},
                },
            },
        },
    },
}


def read(one: Result) -> dict[str, Any]:
    """The document, which has to fit the schema."""
    document: dict[str, Any] = json.loads(results_json(one))
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    return document


def test_each_check_has_its_points() -> None:
    """Partial credit by check, under numbers that go with the items, and the total on top."""
    document = read(result("ada", 3, 5))
    assert document["score"] == 3
    tests = document["tests"]
    assert [(t["number"], t["score"], t["max_score"], t["status"]) for t in tests] == [
        ("1.1", 3, 3, "passed"),
        ("1.2", 0, 2, "failed"),
    ]
    assert [t["name"] for t in tests] == ["Sums: It adds.", "Sums: It adds rows."]
    assert tests[1]["output"] == "It adds columns."


def test_nothing_hidden_is_in_it() -> None:
    """Neither names nor details; what prints in the container stays hidden, too."""
    document = read(public([grade()])[0])
    assert not any(secret in json.dumps(document) for secret in HIDDEN)
    assert document["stdout_visibility"] == "hidden"
    assert "A person grades 4 points more" in document["output"]


def test_the_total_is_ours() -> None:
    """Late work and people count, whatever the checks add up to."""
    late = read(replace(result("ada", 3, 5), total=2.5, late="A day late: half a point."))
    assert late["score"] == 2.5
    assert late["output"] == "A day late: half a point."


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_texts_are_shown_as_text(payload: str) -> None:
    """Every format says text, which Gradescope shows letter by letter; no control characters."""
    document = read(saying(payload))
    formats = [
        document["output_format"],
        *(t[key] for t in document["tests"] for key in ("output_format", "name_format")),
    ]
    assert set(formats) == {"text"}
    assert not any(ord(letter) < 32 and letter != "\n" for test in document["tests"] for letter in test["output"])


def test_the_zip_has_what_gradescope_runs() -> None:
    """setup.sh and run_autograder at the top, executable and sound as shell; the same content, the same bytes."""
    name = "it's; rm -rf $HOME"
    data = archive(name, {"a.whl": b"a"}, {"assignments/x/checks.py": b"c"}, "https://e.example/cpu; true")
    assert data == archive(name, {"a.whl": b"a"}, {"assignments/x/checks.py": b"c"}, "https://e.example/cpu; true")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert sorted(packed.namelist()) == [
            "course/assignments/x/checks.py",
            "run_autograder",
            "setup.sh",
            "wheels/a.whl",
        ]
        for script in ("setup.sh", "run_autograder"):
            assert packed.getinfo(script).external_attr >> 16 == 0o100755
            subprocess.run(["bash", "-n"], input=packed.read(script), check=True)
        assert b"--extra-index-url 'https://e.example/cpu; true' " in packed.read("setup.sh")
