"""`make attacks-compare`: the attacks that can be handed in anywhere, against stock `nbgrader autograde` and `otter run`.

The same small assignment, its hidden tests written as both tools document it: plain asserts, restored into the notebook
(nbgrader) or in test files (otter), run in the student's kernel. Nothing is isolated there: run this in a container
that is thrown away. `--write` puts the table into docs/security.md; names as arguments try only these.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from rich.console import Console
from rich.table import Table

from autograder import publish
from autograder.build import new_assignment, new_course
from autograder.notebooks import grade_id_of, read_notebook
from tests.attacks import RIGHT_ANSWER, RIGHT_CHOICE, WRONG_ANSWER, WRONG_CHOICE
from tests.attacks.cheat import Cheat, cheats
from tests.attacks.scoreboard import PAGE

ASSIGNMENT = "demo"
# Of the other kinds, some would take this machine along, and some attack what only this grader has.
KINDS = ("forge", "compare", "clumsy")
_BEGIN, _END = "<!-- compared: written by `python -m tests.attacks.compare --write` -->\n", "<!-- /compared -->\n"
_BIN = Path(sys.executable).parent
_SECONDS = 600  # of one submission in otter, on a machine that does much else; a cell may take 30
_CONFIG = "c = get_config()\nc.CourseDirectory.root = '.'\nc.ExecutePreprocessor.timeout = 30\n"

# Hidden test -> points, which answer it follows, and what it says. As in the assignment's checks.
TESTS: dict[str, tuple[int, str, str]] = {
    "matches": (2, "tempered-softmax",
        "z = 2 * torch.randn(3, 5, dtype=torch.float64)\n"
        "assert torch.allclose(tempered_softmax(z, 0.5), torch.softmax(z / 0.5, dim=-1))"),
    "large": (1, "tempered-softmax",
        "z = torch.randn(2, 4, dtype=torch.float64) + 3000.0\n"
        "assert torch.allclose(tempered_softmax(z, 0.8), torch.softmax(z / 0.8, dim=-1))"),
    "unharmed": (1, "tempered-softmax",
        "z = torch.randn(4, 3, dtype=torch.float64)\nbefore = z.clone()\ntempered_softmax(z, 0.5)\n"
        "assert torch.equal(z, before)"),
    "letters": (1, "hot-limit", 'assert set(answers["hot-limit"]) == {"b"}'),
    "witness": (1, "hot-limit",
        "assert 0 < hot_tau < 2000\n"
        "row = torch.softmax(torch.tensor([0.0, 1.0, 5.0], dtype=torch.float64) / hot_tau, dim=-1)\n"
        "assert float((row - 1 / 3).abs().max()) <= 0.01"),
}  # fmt: skip
MOST = sum(points for points, _, _ in TESTS.values())
HONEST = {"(wrong, honestly)": (WRONG_ANSWER, WRONG_CHOICE, 1.0), "(right, honestly)": (RIGHT_ANSWER, RIGHT_CHOICE, 6.0)}
Notebook = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """What came of one attack. `deserved`: what this grader gives it; None: the tool had no score for it."""

    name: str
    about: str
    deserved: float
    nbgrader: float | None
    otter: float | None


def stock(source: Notebook) -> Notebook:
    """The assignment as somebody writes it who has nbgrader only: a graded cell for each hidden test."""
    cells: list[Notebook] = []
    for cell in source["cells"]:
        cells.append(cell)
        answer = grade_id_of(cell).removeprefix("test-")
        if not grade_id_of(cell).startswith("test-"):
            continue
        public = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        mine = [name for name, (_, of, _) in TESTS.items() if of == answer]
        cells.pop()
        for number, name in enumerate(mine):
            hidden = f"### BEGIN HIDDEN TESTS\n{TESTS[name][2]}\n### END HIDDEN TESTS"
            shown = public.split("### BEGIN HIDDEN")[0].rstrip() if number == 0 else f"# {name}"
            grade_id = grade_id_of(cell) if number == 0 else f"test-{answer}-{name}"
            marks = cell["metadata"]["nbgrader"] | {"grade_id": grade_id, "points": TESTS[name][0]}
            metadata = cell["metadata"] | {"nbgrader": marks}
            cells.append(cell | {"id": f"stock-{name}", "metadata": metadata, "source": f"{shown}\n{hidden}"})
    return source | {"cells": cells}


def handed_in(bank: Sequence[Cheat], release: Notebook) -> dict[str, tuple[Notebook, Mapping[str, bytes]]]:
    """Name -> notebook, and the files beside it."""
    found: dict[str, tuple[Notebook, Mapping[str, bytes]]] = {}
    for name, (answer, choice, _) in HONEST.items():
        notebook = json.loads(json.dumps(release))
        for cell in notebook["cells"]:
            said = {"tempered-softmax": answer, "hot-limit": choice}.get(grade_id_of(cell))
            cell["source"] = said or cell["source"]
        found[name] = notebook, {}
    for cheat in bank:
        notebook = cheat.notebook(json.loads(json.dumps(release)))
        found[cheat.name] = notebook, getattr(cheat.module, "FILES", {})
    return found


def _write(folder: Path, notebook: Notebook, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{ASSIGNMENT}.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def _run(folder: Path, *command: str) -> None:
    """Quietly; whatever becomes of it, the score tells."""
    env = {**os.environ, "JUPYTER_CONFIG_DIR": str(folder), "PATH": f"{_BIN}{os.pathsep}{os.environ['PATH']}"}
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(
            [str(_BIN / command[0]), *command[1:]], cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True,
            timeout=_SECONDS, check=False,
        )  # fmt: skip


def in_nbgrader(folder: Path, work: Mapping[str, tuple[Notebook, Mapping[str, bytes]]]) -> dict[str, float | None]:
    """Score by name; None where nbgrader has none."""
    found: dict[str, float | None] = {}
    for number, (name, (notebook, files)) in enumerate(work.items()):
        student = f"s{number}"
        _write(folder / "submitted" / student / ASSIGNMENT, notebook, files)
        _run(folder, "nbgrader", "autograde", ASSIGNMENT, f"--student={student}")  # one may end the command
        with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
            try:
                graded = (folder / "autograded" / student / ASSIGNMENT).is_dir()
                found[name] = float(book.find_submission(ASSIGNMENT, student).score) if graded else None
            except MissingEntry:
                found[name] = None
    return found


def in_otter(folder: Path, work: Mapping[str, tuple[Notebook, Mapping[str, bytes]]]) -> dict[str, float | None]:
    """The same for otter."""
    (folder / "tests").mkdir(parents=True)
    for name, (points, _, code) in TESTS.items():
        body = "\n".join(f"    {line}" for line in code.splitlines())
        names = "tempered_softmax, answers, hot_tau" if "hot_tau" in code else "tempered_softmax, answers"
        named = ", ".join(n for n in names.split(", ") if re.search(rf"\b{n}\b", code))
        (folder / "tests" / f"{name}.py").write_text(
            "OK_FORMAT = False\n\nimport torch\nfrom otter.test_files import test_case\n\n"
            f'name = "{name}"\npoints = {points}\n\n\n@test_case()\ndef test_it({named}):\n{body}\n', encoding="utf-8"
        )  # fmt: skip
    _run(folder, "otter", "generate", "-t", "tests", "-o", "autograder.zip", "--no-requirements", "--no-environment")
    found: dict[str, float | None] = {}
    for number, (name, (notebook, files)) in enumerate(work.items()):
        path = _write(folder / f"s{number}", notebook, files)
        (folder / f"out{number}").mkdir()
        _run(folder, "otter", "run", "-a", "autograder.zip", "-o", f"out{number}", "--no-logo", str(path))
        results = folder / f"out{number}" / "results.json"
        found[name] = _otters(json.loads(results.read_text(encoding="utf-8"))) if results.is_file() else None
    return found


def _otters(results: Mapping[str, Any]) -> float | None:
    scores = [float(test["score"]) for test in results.get("tests", ()) if test.get("score") is not None]
    return sum(scores) if scores else None


def compared(names: Iterable[str] = ()) -> list[Row]:
    """Hand in everywhere. Raises RuntimeError where right and wrong work that is no attack is not told apart."""
    wanted = set(names)
    bank = [c for c in cheats() if c.about in KINDS and not hasattr(c.module, "ASSIGNMENT") and "agent" not in c.name]
    bank = [c for c in bank if not wanted or c.name in wanted]
    with tempfile.TemporaryDirectory(prefix="s2g-cmp-") as place:
        root = Path(place, "course")
        new_course(root)
        new_assignment(root, ASSIGNMENT)
        list(publish.build(root, ()))
        nbgrader, otter = Path(place, "nbgrader"), Path(place, "otter")
        source = stock(read_notebook(root / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"))
        _write(nbgrader / "source" / ASSIGNMENT, source, {})
        (nbgrader / "nbgrader_config.py").write_text(_CONFIG, encoding="utf-8")
        _run(nbgrader, "nbgrader", "generate_assignment", ASSIGNMENT)
        release = read_notebook(nbgrader / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")
        work = handed_in(bank, release)
        with ThreadPoolExecutor() as pool:
            running = pool.submit(in_nbgrader, nbgrader, work), pool.submit(in_otter, otter, work)
            scores = [one.result() for one in running]
    for name, (_, _, deserved) in HONEST.items():
        if any(of[name] != deserved for of in scores):
            raise RuntimeError(f"{name}: {[of[name] for of in scores]}, not {deserved}: this is no comparison")
    deserved = {name: points for name, (_, _, points) in HONEST.items()} | {c.name: max(c.points) for c in bank}
    about = {c.name: c.about for c in bank}
    return [Row(name, about.get(name, ""), deserved[name], scores[0][name], scores[1][name]) for name in work]


def _shown(row: Row, score: float | None) -> str:
    """A score beside what the work deserves. None is right for what ends the process, and wrong for right work."""
    if score is None:
        return "**no score**" if row.about == "clumsy" else "no score"
    return f"{score:g}" if score == row.deserved else f"**{score:g}**"


def page_with(page: str, rows: Sequence[Row]) -> str:
    """The page with this table. Raises ValueError where its marks are gone."""
    before, begin, rest = page.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"{PAGE.name} has lost the marks of this table")
    versions = f"nbgrader {version('nbgrader')}", f"otter {version('otter-grader')}"
    lines = [f"| attack | here | {versions[0]} | {versions[1]} |", "|---|---|---|---|"]
    lines += [f"| `{r.name}` | {r.deserved:g} | {_shown(r, r.nbgrader)} | {_shown(r, r.otter)} |" for r in rows]
    return f"{before}{begin}\n" + "\n".join(lines) + f"\n\n{end}{after}"


def board(rows: Sequence[Row]) -> Table:
    """What came of each, for a terminal."""
    table = Table("attack", "here", "nbgrader", "otter", box=None)
    for row in rows:
        table.add_row(row.name, f"{row.deserved:g}", *(_shown(row, score).strip("*") for score in (row.nbgrader, row.otter)))
    return table


def main(arguments: Sequence[str]) -> int:
    """See the module. Returns the exit code."""
    rows = compared(name for name in arguments if not name.startswith("-"))
    Console().print(board(rows))
    if "--write" in arguments:
        PAGE.write_text(page_with(PAGE.read_text(encoding="utf-8"), rows), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
