"""Exports of learning platforms, made in a line."""

from __future__ import annotations

import datetime
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.incoming.gather import Gathered, Trial, Wish, gather
from autograder.incoming.people import Roster, read_roster
from tests.collect.sample import marked

NOON = (2030, 1, 2, 12, 0, 0)


def notebook(mark: str = "") -> str:
    """A notebook that can be told from others by `mark`."""
    made: dict[str, Any] = marked("hw")
    made["metadata"] = {**made["metadata"], "mark": mark}
    return json.dumps(made)


def packed(path: Path, files: Mapping[str, str | bytes], times: Mapping[str, tuple[int, ...]] | None = None) -> Path:
    """A zip with these files, at noon unless `times` says else."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, (times or {}).get(name, NOON))  # type: ignore[arg-type]  # six numbers
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, text)
    return path


def laid(root: Path, files: Mapping[str, str]) -> Path:
    """The same in a folder."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def roster(*lines: str) -> Roster:
    """From lines of CSV, the first of which names the columns."""
    return read_roster("\n".join(lines).encode(), "roster.csv")


def unasked(folder: Path, trials: object) -> dict[str, tuple[float, float]]:
    """Where nothing is to be graded."""
    raise AssertionError("nobody asked for grades")


def collected(source: Path, into: Path, **wish: Any) -> Gathered:
    """Of the assignment hw, with UTC as the zip's clock."""
    usual = {"assignment": "hw", "zone": datetime.timezone.utc}
    return gather(Wish(source, into, ("hw", "other"), **usual | wish), unasked)


def tree(root: Path) -> list[str]:
    """Every file below, without times."""
    found = (path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    return sorted(name for name in found if not name.endswith("timestamp.txt"))


def when(root: Path, student: str) -> str:
    """What timestamp.txt says."""
    return (root / student / "hw" / "timestamp.txt").read_text()


__all__ = ["NOON", "Trial", "collected", "laid", "notebook", "packed", "roster", "tree", "unasked", "when"]
