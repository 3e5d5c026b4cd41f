"""What an author of checks may rely on."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "assignments"
OURS = "autograder"


def imported(path: Path) -> set[str]:
    """The modules of ours that a file imports."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    named = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    return {name for name in plain | named if name.split(".")[0] == OURS}


def test_authors_import_from_the_judge_alone() -> None:
    """Checks, references and calibrations use what `autograder.judge` offers, and nothing behind it."""
    files = [*ROOT.glob("*/checks/*.py"), *ROOT.glob("*/checks.py"), *ROOT.glob("*/calibration.py")]
    assert len(files) > 50
    found = {path.relative_to(ROOT).as_posix(): imported(path) - {f"{OURS}.judge"} for path in files}
    assert {name: modules for name, modules in found.items() if modules} == {}
