"""`--json`: the results of a run as a documented, versioned schema (docs/results-schema.md)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from autograder import __version__
from autograder.model import Grade, ItemGrade

SCHEMA = "seq2grade-results/1"


def results(grades: Sequence[Grade]) -> dict[str, Any]:
    """The whole document; submissions sorted by assignment and student, so that two runs can be compared."""
    ordered = sorted(grades, key=lambda g: (g.assignment, g.student))
    return {
        "schema": SCHEMA,
        "seq2grade": __version__,
        "submissions": [submission(grade) for grade in ordered],
    }


def submission(grade: Grade) -> dict[str, Any]:
    """One submission's entry."""
    return {
        "student": grade.student,
        "assignment": grade.assignment,
        "score": _number(grade.score),
        "max_score": _number(grade.max_score),
        "pending": _number(grade.pending),
        "manual_max_score": _number(grade.manual_max),
        "repaired": [{"kind": r.kind, "cell": r.cell, "message": r.message} for r in grade.repaired],
        "error": grade.error or None,
        "flagged": grade.flagged,
        "digest": grade.digest,
        "seed": grade.seed,
        "sandbox": grade.sandbox,
        "seconds": round(grade.seconds, 3),
        "cpu_seconds": round(grade.cpu_seconds, 3),
        "cells": [
            {"cell": c.cell, "status": c.status, "seconds": round(c.seconds, 3), "error": c.error or None}
            for c in grade.cells
        ],
        "items": [_item(item) for item in grade.items],
    }


def _item(item: ItemGrade) -> dict[str, Any]:
    return {
        "id": item.id,
        "title": item.title,
        "kind": item.kind.value,
        "score": _number(item.score),
        "max_score": _number(item.max_score),
        "status": item.status,
        "pending": _number(item.pending),
        "checks": [
            {
                "name": c.name,
                "status": c.status.value,
                "points": _number(c.points),
                "max_points": _number(c.max_points),
                "message": " ".join(filter(None, (c.mistake, c.message, c.hint))),
                "carried": c.carried,
                "detail": c.detail,
            }
            for c in item.checks
        ],
    }


def _number(value: float) -> float | int:
    """Whole points as whole numbers."""
    return int(value) if float(value).is_integer() else value


def dumps(grades: Sequence[Grade]) -> str:
    """The document as text: one stable form, ending in a newline."""
    return json.dumps(results(grades), indent=2, ensure_ascii=False) + "\n"
