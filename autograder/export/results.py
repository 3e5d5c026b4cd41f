"""`--json`: the results of a run as a documented, versioned schema (docs/results-schema.md)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from autograder import __version__
from autograder.model import CellRun, Grade, ItemGrade, Repair

SCHEMA = "seq2grade-results/1"
_CHARACTERS = 2000  # of each text, and
_ENTRIES = 200  # of each list whose length a student chooses: neither is for one student to fill a disk with
_CUT = "… [cut]"
_WORSE = ("ok", "skipped", "error", "timeout", "died")


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
        "student": _text(grade.student),
        "assignment": _text(grade.assignment),
        "score": _number(grade.score),
        "max_score": _number(grade.max_score),
        "pending": _number(grade.pending),
        "manual_max_score": _number(grade.manual_max),
        "repaired": _repairs(grade.repaired),
        "total": _number(round(grade.total, 6)),
        "penalty": _number(grade.penalty),
        "late": _text(grade.late) or None,
        "error": _text(grade.error) or None,
        "flagged": grade.flagged,
        "digest": grade.digest,
        "edition": grade.edition,
        "seed": grade.seed,
        "sandbox": _text(grade.sandbox),
        "device": grade.device,
        "time_factor": _number(grade.time_factor),
        "seconds": round(grade.seconds, 3),
        "cpu_seconds": round(grade.cpu_seconds, 3),
        "cells": _cells(grade.cells),
        "items": [_item(item) for item in grade.items],
    }


def _repairs(repairs: Sequence[Repair]) -> list[dict[str, Any]]:
    shown = [{"kind": r.kind, "cell": _text(r.cell), "message": _text(r.message)} for r in repairs[:_ENTRIES]]
    if len(repairs) > _ENTRIES:
        more = f"{len(repairs) - _ENTRIES} more things were put right. {_CUT}"
        shown.append({"kind": repairs[_ENTRIES].kind, "cell": "", "message": more})
    return shown


def _cells(cells: Sequence[CellRun]) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = [
        {"cell": _text(c.cell), "status": c.status, "seconds": round(c.seconds, 3), "error": _text(c.error) or None}
        for c in cells[:_ENTRIES]
    ]
    if len(cells) > _ENTRIES:
        left = cells[_ENTRIES:]
        worst = max(left, key=lambda c: _WORSE.index(c.status) if c.status in _WORSE else -1)
        seconds = round(sum(c.seconds for c in left), 3)
        shown.append(
            {"cell": "", "status": worst.status, "seconds": seconds, "error": f"{len(left)} more cells ran. {_CUT}"}
        )
    return shown


def _text(text: str) -> str:
    """Text that may be a student's: bounded, marked where it was cut, and such that it can be encoded."""
    if len(text) > _CHARACTERS:
        text = text[: _CHARACTERS - len(_CUT)] + _CUT
    return text.encode("utf-8", "replace").decode("utf-8")


def public_id(item: str, number: int) -> str:
    """What a check is called where students read it: the name of its function could tell what it looks for."""
    return f"{item}.{number}"


def _item(item: ItemGrade) -> dict[str, Any]:
    return {
        "id": item.id,
        "title": item.title,
        "kind": item.kind.value,
        "score": _number(item.score),
        "max_score": _number(item.max_score),
        "status": item.status,
        "pending": _number(item.pending),
        "person": None if item.person is None else _number(item.person),
        "extra": _number(item.extra),
        "comment": _text(item.comment),
        "rubric": _text(item.rubric),
        "reference": _text(item.reference),
        "checks": [
            {
                "id": public_id(item.id, number),
                "name": c.name,
                "claim": _text(c.claim),
                "status": c.status.value,
                "points": _number(c.points),
                "max_points": _number(c.max_points),
                "message": _text(" ".join(filter(None, (c.mistake, c.message, c.hint)))),
                "thinks": _text(c.thinks),
                "carried": c.carried,
                "detail": _text(c.detail),
            }
            for number, c in enumerate(item.checks, 1)
        ],
    }


def _number(value: float) -> float | int:
    """Whole points as whole numbers."""
    return int(value) if float(value).is_integer() else value


def dumps(grades: Sequence[Grade]) -> str:
    """The document as text: one stable form, ending in a newline."""
    return json.dumps(results(grades), indent=2, ensure_ascii=False) + "\n"
