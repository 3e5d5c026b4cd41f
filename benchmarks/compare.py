"""The same submissions graded by stock nbgrader, by otter-grader and by us, one after the other on this machine:
`python -m benchmarks.compare [--quick] [--write] [--from=LOG] [ASSIGNMENT ...]`, or `make bench`.

All three run the same checks. nbgrader and otter run them in the student's kernel (judge/here.py), which protects
nothing; we run them outside of a sandbox. --quick: three submissions instead of forty; --write: into the page; --from:
what nbgrader and otter took is read from the output of an earlier run on the same machine.
"""

from __future__ import annotations

import datetime
import itertools
import json
import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from autograder import publish
from autograder.assignment import Assignment, load_assignment
from autograder.build import new_assignment, new_course
from autograder.classroom import class_of
from autograder.judge.trusted import Trusted
from autograder.notebooks import read_notebook, write_files
from benchmarks.measured import Measured, measure

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
BIN = Path(sys.executable).parent
LIGHT = "light_work"  # what `seq2grade new` writes: two items, five checks, one picture
ASSIGNMENTS = (LIGHT, "rnn_backprop", "nmt_attention")
MANY, QUICK = 40, 3
CLASS = 400  # of light work, for us alone: the start, which takes seconds, hardly counts any more
# Work as students hand it in. What never ends, fills memory or is no notebook would measure time limits.
HONEST = ("perfect", "blank", "half-done", "mistake-", "unusual-")
PACKAGES = ("nbgrader", "otter-grader", "ipykernel", "torch", "numpy", "seq2grade")
ONE_THREAD = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
BEGIN, END = "<!-- bench: written by `make bench` -->\n", "<!-- /bench -->\n"
_TEST = """OK_FORMAT = False

from otter.test_files import test_case

name = {name!r}
points = {points}


@test_case()
def judged(env):
    from autograder.judge.here import check_here

    assert check_here({assignment!r}, {item!r}, env) == {points}
"""


@dataclass(frozen=True)
class Class:
    """An assignment of the course at `root`, built, and the submissions that everybody grades: student -> notebook, and
    the files beside each."""

    root: Path
    assignment: Assignment
    notebooks: Mapping[str, str]
    files: Mapping[str, bytes]

    @property
    def id(self) -> str:
        return self.assignment.id


def light_course(root: Path) -> Path:
    """A course with nothing but the assignment that every new one begins with."""
    new_course(root)
    new_assignment(root, LIGHT)
    list(publish.build(root, ()))
    return root


def class_for(id: str, count: int, root: Path = ROOT) -> Class:
    """So many submissions: right, blank, half done, wrong and unusual, always the same ones."""
    assignment = load_assignment(root / "assignments" / id)
    release, solution = (read_notebook(root / step / id / f"{id}.ipynb") for step in ("release", "solutions"))
    honest = [one for one in class_of(assignment, release, solution) if one.student.startswith(HONEST)]
    chosen = itertools.islice(itertools.cycle(honest), count)
    notebooks = {f"s{number:02d}-{one.student}": one.text for number, one in enumerate(chosen)}
    return Class(root, assignment, notebooks, {**assignment.given(), **assignment.handed_in()})


def course_for(class_: Class, folder: Path) -> dict[str, str]:
    """Write a course of this assignment alone with its class handed in. Returns the environment of its commands."""
    for step in ("assignments", "source", "release", "solutions"):
        shutil.copytree(class_.root / step / class_.id, folder / step / class_.id)
    for student, text in class_.notebooks.items():
        place = folder / "submitted" / student / class_.id
        write_files(place, class_.files)
        (place / f"{class_.id}.ipynb").write_text(text, encoding="utf-8")
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return {
        "PATH": path,
        "SEQ2GRADE_COURSE": str(folder),
        "SEQ2GRADE_GRADING": "load",
        "SEQ2GRADE_DB": "",
        **one_thread,
    }


def with_ours(class_: Class, folder: Path, jobs: int, *options: str) -> Measured:
    """Everything from a cold start: warm process, gradebook, autograded notebooks. Twice: once for the time, once for
    the memory of its many processes."""
    command = [str(BIN / "seq2grade"), "grade", "submitted", "--jobs", str(jobs), "--profile", "--json", "results.json"]
    found = []
    for place, closely in ((folder / "timed", False), (folder / "watched", True)):
        environment = course_for(class_, place)
        found.append(measure([*command, *options], place, environment, closely))
    timed, watched = found
    return replace(timed, pss_mb=max(timed.pss_mb, watched.pss_mb))


def with_nbgrader(class_: Class, folder: Path) -> Measured:
    """As it is installed: no settings of ours."""
    environment = course_for(class_, folder)
    place = folder / "source" / class_.id
    write_files(place, class_.files)
    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.ExecutePreprocessor.timeout = 600\n")
    measure([str(BIN / "nbgrader"), "generate_assignment", class_.id, "--force"], folder, environment)
    return measure([str(BIN / "nbgrader"), "autograde", class_.id], folder, environment)


def with_otter(class_: Class, folder: Path) -> Measured:
    """`otter run` for each notebook: it knows no class, and takes one at a time."""
    environment = course_for(class_, folder)
    points: dict[str, float] = {}
    for check in Trusted.load(class_.assignment).checks:
        points[check.item] = points.get(check.item, 0.0) + check.points
    tests = folder / "tests"
    tests.mkdir()
    for number, (item, most) in enumerate(points.items()):
        text = _TEST.format(name=f"q{number}", points=most, assignment=class_.id, item=item)
        (tests / f"q{number}.py").write_text(text, encoding="utf-8")
    write_files(folder, class_.files)
    generate = [str(BIN / "otter"), "generate", "-t", "tests", "-o", "autograder.zip", "--no-environment"]
    measure([*generate, "--no-requirements", *sorted(class_.files)], folder, environment)
    whole = Measured(0.0, 0.0, 0.0, "")
    for student in class_.notebooks:
        notebook = str(folder / "submitted" / student / class_.id / f"{class_.id}.ipynb")
        whole += measure(
            [str(BIN / "otter"), "run", "-a", "autograder.zip", "--no-logo", notebook], folder, environment
        )
    return whole


def contest(class_: Class, known: Mapping[str, Measured]) -> Iterator[tuple[str, Measured]]:
    """Who grades, and what it took. Each in a fresh course. `known`: what need not be measured again."""
    ways: dict[str, Any] = {
        "nbgrader autograde": with_nbgrader,
        "otter run": with_otter,
        "ours, 1 worker": lambda class_, folder: with_ours(class_, folder, 1),
        "ours, 2 workers": lambda class_, folder: with_ours(class_, folder, 2),
        "ours, 2 workers, --no-figures": lambda class_, folder: with_ours(class_, folder, 2, "--no-figures"),
    }
    for name, way in ways.items():
        if name in known:
            yield name, known[name]
            continue
        with tempfile.TemporaryDirectory(prefix="s2g-bench-") as folder:
            yield name, way(class_, Path(folder))


def table(class_: Class, found: Mapping[str, Measured]) -> str:
    """As Markdown; ratios to stock nbgrader."""
    count = len(class_.notebooks)
    rate = {name: 60 * count / one.wall for name, one in found.items()}
    base = rate["nbgrader autograde"]
    head = "| | submissions per minute | ratio | CPU s each | most memory, MB (PSS) |\n|---|---|---|---|---|"
    rows = [
        f"| {name} | {rate[name]:.1f} | {rate[name] / base:.1f} | {one.cpu / count:.2f} | {one.pss_mb:.0f} |"
        for name, one in found.items()
    ]
    two = found["ours, 1 worker"].wall / found["ours, 2 workers"].wall
    more = found["ours, 2 workers"].pss_mb - found["ours, 1 worker"].pss_mb
    beside = f"Two workers are {two:.2f} times as fast as one, and hold {more:.0f} MB more."
    output = found["ours, 1 worker"].output
    profile = output[output.index("stage ") :] if "stage " in output else output[-2000:]
    where = f"Where the time of one goes (`grade --profile`, 1 worker):\n\n```\n{profile.rstrip()}\n```"
    return "\n".join([f"### `{class_.id}`, {count} submissions\n", head, *rows, "", beside, "", where, ""])


def whole_class(root: Path, base: float) -> str:
    """How fast a class of hundreds is, beside `base`: nbgrader's submissions per minute, however many there are."""
    class_ = class_for(LIGHT, CLASS, root)
    with tempfile.TemporaryDirectory(prefix="s2g-bench-") as folder:
        found = with_ours(class_, Path(folder), 2, "--no-figures")
    rate, each = 60 * CLASS / found.wall, found.cpu / CLASS
    print(LIGHT, CLASS, f"submissions: {found.wall:.1f} s, {found.cpu:.1f} CPU s", flush=True)
    return (
        f"Of {CLASS} such submissions two workers, with --no-figures, grade {rate:.0f} a minute, start included: "
        f"{rate / base:.1f} times as many as nbgrader, with {each:.2f} CPU s each and {found.pss_mb:.0f} MB.\n"
    )


def versions(arguments: Sequence[str]) -> str:
    """When, where and with what, and the command that did it."""
    cpus = len(os.sched_getaffinity(0))
    known = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    today = datetime.datetime.now(datetime.timezone.utc).date()
    machine = f"{platform.machine()}, {cpus} processors, Linux {platform.release()}, Python {platform.python_version()}"
    load = f"load before it began: {os.getloadavg()[0]:.1f}"
    return (
        f"{today}; {machine}; {load}. {known}. `python -m benchmarks.compare {' '.join(arguments)}`".rstrip(" `")
        + "`\n"
    )


def with_results(page: str, results: str) -> str:
    """The page with the newest results. Raises ValueError where its marks are gone."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{PAGE.name} has lost the marks {BEGIN.strip()} and {END.strip()}")
    return f"{before}{begin}\n{results}\n{end}{after}"


def of_others(log: str, id: str) -> dict[str, Measured]:
    """What nbgrader and otter took for an assignment, from the output of a run."""
    found = re.findall(rf"^{id} (nbgrader autograde|otter run) (\{{.*\}})$", log, re.MULTILINE)
    return {name: Measured(**json.loads(numbers), output="") for name, numbers in found}


def main(arguments: Sequence[str]) -> None:
    """See the module."""
    logs = [Path(one.removeprefix("--from=")).read_text() for one in arguments if one.startswith("--from=")]
    ids = [one for one in arguments if not one.startswith("--")] or list(ASSIGNMENTS)
    count = QUICK if "--quick" in arguments else MANY
    parts = [versions(arguments)]
    with tempfile.TemporaryDirectory(prefix="s2g-bench-") as folder:
        roots = {LIGHT: light_course(Path(folder, "course"))} if LIGHT in ids else {}
        for id in ids:
            class_, found = class_for(id, count, roots.get(id, ROOT)), {}
            for name, measured in contest(class_, of_others("\n".join(logs), id)):
                found[name] = measured
                numbers = {"wall": measured.wall, "cpu": measured.cpu, "pss_mb": measured.pss_mb}
                print(id, name, json.dumps({key: round(value, 1) for key, value in numbers.items()}), flush=True)
            parts.append(table(class_, found))
            if id == LIGHT and count == MANY:
                parts.append(whole_class(roots[id], 60 * count / found["nbgrader autograde"].wall))
    results = "\n".join(parts)
    print(results)
    if "--write" in arguments:
        PAGE.write_text(with_results(PAGE.read_text(encoding="utf-8"), results), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
