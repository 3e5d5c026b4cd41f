"""A build takes only what right work passes: each cell runs, each check holds with other inputs too, and can fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from autograder import publish
from autograder.audit import audit_assignment
from autograder.audit.matrix import in_brief

if TYPE_CHECKING:
    from tests.courses import Demo, Grader

pytest_plugins = ["tests.courses"]

SETUP = "import torch\n"
TEST = '# %% nbgrader={"grade": true, "grade_id": "test-square"'
BROKEN = """
# %% nbgrader={"grade_id": "early", REST}
assert square(torch.ones(1)) == 1, "a public test before its answer"

# %% nbgrader={"grade_id": "package", REST}

import no_such_package

# %% nbgrader={"grade_id": "file", REST}
rows = open("no_such.csv").read()

# %% nbgrader={"grade_id": "question", REST}
name = input()

# %% nbgrader={"grade_id": "syntax", REST}
a = 1
x = = 1

# %% tags=["raises-exception"]
1 / 0  # on purpose, and it says so

# %%
# only for show
1 / 0
"""
REST = '"grade": false, "locked": true, "schema_version": 3, "solution": false, "task": false'
SAYS = {
    "early": ("assert square(torch.ones(1))", "NameError: name 'square' is not defined"),
    "package": ("import no_such_package", "ModuleNotFoundError: No module named 'no_such_package'"),
    "file": ("rows = open(", "FileNotFoundError: [Errno 2] No such file or directory: 'no_such.csv'"),
    "question": ("name = input()", "StdinNotImplementedError"),
    "syntax": ("x = = 1", "SyntaxError: invalid syntax"),
    "code-": ("1 / 0\n", "ZeroDivisionError: division by zero"),
    "test-square": ("    return x * x", "AttributeError: 'Text' object has no attribute 'len'"),
}


SOMETIMES = """    expect.true(float(draw.uniform(0.0, 1.0)) > 0.4, "square(x) should be lucky")
    expect.close(student.square(x), x**2"""


def build(demo: Demo, assignment: str = "chain") -> publish.Report:
    (report,) = publish.build(demo.root, (assignment,))
    return report


@pytest.mark.usefixtures("warm")
def test_each_cell_of_the_solution_must_run(demo: Demo) -> None:
    """A cell that fails stops the build, also where no check hangs on it: a test before its answer or a wrong one, a
    missing package or file, a question, an error in a demonstration. Each is told with its line in notebook.py."""
    demo.edit("notebook.py", SETUP, SETUP + BROKEN.replace("REST", REST), "chain")
    demo.edit(
        "notebook.py",
        "assert square(torch.zeros(2))",
        "class Text(str):\n    def __mul__(self, other):\n"
        "        return self.len\n\nsquare(Text())\nassert square(torch.zeros(2))",
        "chain",
    )
    lines = (demo.root / "assignments" / "chain" / "notebook.py").read_text(encoding="utf-8").splitlines(True)
    report = build(demo)
    assert report.summary == "not written"
    assert len(report.problems) == len(SAYS), report.problems
    for (name, (text, error)), told in zip(SAYS.items(), report.problems, strict=True):
        number = next(n for n, line in enumerate(lines, 1) if line.startswith(text))
        number = next(n for n, line in enumerate(lines, 1) if "self.len" in line) if name == "test-square" else number
        assert told.startswith(f"the reference solution cell {name}")
        assert f" does not run (notebook.py, line {number}): {error}" in told


@pytest.mark.usefixtures("warm")
def test_a_cell_that_does_not_end_is_told_at_once(demo: Demo) -> None:
    """What follows from it is not judged, which would only take long."""
    demo.edit("assignment.toml", "cell_seconds = 5", "cell_seconds = 1", "chain")
    demo.edit("notebook.py", SETUP, SETUP + "while True:\n    pass\n", "chain")
    assert len(problems := build(demo).problems) == 1
    assert problems[0].startswith("the reference solution cell setup does not run (notebook.py, line ")
    assert problems[0].endswith("): stopped after 1 s")


def test_an_audit_wants_each_cell_to_run_too(grader: Grader) -> None:
    """What was built before a build looked at cells is found by the audit."""
    course = grader.course
    solution, release = course.solution("chain"), course.prepare("chain").release
    for notebook in (solution, release):
        cell = next(c for c in notebook["cells"] if c["id"] == "test-square")
        cell["source"] = ["assert False, 'wrong test'"]
    (problem,) = audit_assignment(course, "chain", solution, seed=1).problems
    assert problem.startswith("the reference solution: cell test-square does not run (notebook.py, from line 15): Asse")


def test_a_check_that_fails_right_work_at_times_is_found(grader: Grader) -> None:
    """The audit says how often it fails, for the reference and for an alternative, and where to look."""
    grader.demo.edit("checks.py", "    expect.close(student.square(x), x**2", SOMETIMES, "chain")
    found = audit_assignment(grader.course, "chain", grader.course.solution("chain"), seed=1, seeds=12)
    told = [line for line in found.problems if " of 12 seeds: square(x) should be lucky" in line]
    assert len(told) == 1
    share = int(told[0].split("failed at ")[1].split(" of ")[0])
    assert 0 < share < 12
    assert told[0].startswith("the reference solution: entries_are_squared failed at ")
    assert told[0].endswith("] (and so for square_power)")
    assert found.seeds == 12


@pytest.mark.usefixtures("warm")
def test_a_build_tries_several_seeds(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """So does a build, on one run of the notebook: what holds at the first seed and not at another is refused."""
    monkeypatch.setattr("autograder.audit.matrix.secrets.randbits", lambda bits: 1)
    rare = """    unlucky = float(Draw(4, "entries_are_squared").uniform(0.0, 1.0))
    expect.true(float(draw.uniform(0.0, 1.0)) != unlucky, "square(x) should be lucky")
"""
    demo.edit("checks.py", "    x = draw.tensor(7)\n", rare + "    x = draw.tensor(7)\n", "chain")
    report = build(demo)
    (problem,) = report.problems
    assert problem == (
        "the reference solution entries_are_squared failed at 1 of 8 seeds: square(x) should be lucky [seed 4]"
    )
    (report,) = publish.build(demo.root, ("chain",), seeds=3)  # 1 to 3: whoever has no time for more
    assert (report.problems, "right at 3 seeds" in report.summary) == ((), True)


WHATEVER = "passes whatever the student's code returns: it expects nothing of it"
BLUNT = [
    ("entries_are_squared", "    return\n", "passes without asking the student anything"),
    (
        "vector_is_unharmed",
        '    x = draw.tensor(7)\n    expect.close(x**2, x * x, what="x")\n    return\n',
        "passes without asking the student anything",
    ),
    ("length_is_euclidean", "    student.length(draw.tensor(7))\n    return\n", WHATEVER),
    (
        "length_is_homogeneous",
        '    student.length(x=draw.tensor(7))\n    expect.true(True, "so")\n    return\n',
        WHATEVER,
    ),
]


@pytest.mark.usefixtures("warm")
def test_a_check_that_cannot_fail_is_refused(demo: Demo) -> None:
    """One that asks nothing, or looks at nothing that comes back, is told by a build; what blank work passes, too."""
    path = demo.root / "assignments" / "chain" / "checks.py"
    text = path.read_text(encoding="utf-8")
    for name, body, _ in BLUNT:
        head, rest = text.split(f"def {name}")
        lines = rest.splitlines(True)
        text = f"{head}def {name}" + "".join([*lines[:2], body, *lines[2:]])
    path.write_text(text, encoding="utf-8")
    assert build(demo).problems == (
        "the blank release earns points without any work: square (entries_are_squared, vector_is_unharmed)",
        *(f"{name} {says}" for name, _, says in BLUNT),
    )


@pytest.mark.usefixtures("warm")
def test_a_check_that_raises_is_told_once(demo: Demo) -> None:
    """Exception and line, without a traceback, and not once more for the blank release."""
    demo.edit("checks.py", '    expect.unharmed(x, after[0], what="x")', '    raise KeyError("W")', "chain")
    demo.edit("checks.py", '    _, after = student.with_inputs("square", x)\n', "", "chain")
    (problem,) = build(demo).problems
    assert problem == (
        "the reference solution could not check vector_is_unharmed: KeyError: 'W' (checks.py, line 19) "
        "(and so for the blank release)"
    )


def test_a_traceback_in_brief() -> None:
    """The exception with the innermost line below assignments/; what is no traceback stays as it is."""
    trace = (
        'Traceback (most recent call last):\n  File "/c/assignments/one/checks.py", line 3, in a\n    b()\n'
        '  File "/usr/torch/nn.py", line 9, in b\n    raise\nValueError: no\nseed 7'
    )
    assert in_brief(trace) == "ValueError: no (checks.py, line 3)"
    assert in_brief("KeyError: 'W'") == "KeyError: 'W'"
