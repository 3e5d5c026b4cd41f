"""Judge processes: what an answer makes one of them do costs that answer its check, and nobody else anything."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograder.course import Course
from autograder.errors import AssignmentError
from autograder.fleet.local import grade_many
from autograder.judges import SERVICE, Judges
from autograder.model import CheckResult, Execution, Grade, Status
from autograder.pipeline import Onlooker, grade_submission
from tests.support import processes_with

if TYPE_CHECKING:
    from tests.courses import Demo, Grader

pytest_plugins = ["tests.courses"]

BRIEF = "from autograder.judge import budget\n\nbudget.CHECK_SECONDS = 2.0\n"
# A check that does with an odd answer what a careless one would: the size of the answer says what.
CARELESS = """    found = student.square(x)
    import os, signal
    if found.numel() == 1:
        while True:
            sum(range(1000))
    if found.numel() == 2:
        torch.ones(2**33)
    if found.numel() == 3:
        os.kill(os.getpid(), signal.SIGSEGV)
    if found.numel() == 4:
        with torch.no_grad():
            a = torch.ones(12_000, 12_000)
            a @ a
    expect.close(found, x**2, what="square(x)", hint="one product per entry")"""
EXPECT = '    expect.close(student.square(x), x**2, what="square(x)", hint="one product per entry")'
HARM = {"burns": 1, "grows": 2, "crashes": 3, "stays away from Python": 4}


def careless(demo: Demo) -> None:
    """Put the careless check into the course."""
    demo.edit("checks.py", "import annotations\n", "import annotations\n\nimport torch\n" + BRIEF, "chain")
    demo.edit("checks.py", EXPECT, CARELESS, "chain")


def verdicts(grade: Grade) -> dict[str, CheckResult]:
    return {check.name: check for item in grade.items for check in item.checks}


@pytest.mark.parametrize("harm", HARM)
def test_what_an_answer_does_to_the_judge_costs_its_own_check(grader: Grader, harm: str) -> None:
    """Endless computing, too much memory, a crash and a product that never returns fail the check that met them; the
    same notebook's other checks and an honest notebook beside it are judged as always."""
    careless(grader.demo)
    odd = f"def square(x):\n    return torch.ones({HARM[harm]}, dtype=x.dtype) if len(x) == 7 else x * x"
    work = [
        grader.demo.hand_in("mallory", grader.demo.solved("chain", square=odd), "chain"),
        grader.demo.hand_in("alice", grader.demo.solved("chain"), "chain"),
    ]
    grades = {grade.student: grade for grade in grade_many(grader.course, work, jobs=2, seed=5)}
    honest, found = grades["alice"], verdicts(grades["mallory"])
    assert (honest.score, honest.pending, honest.error) == (6.0, 0.0, ""), honest
    assert grades["mallory"].pending == 0.0, found
    failed = [name for name, check in found.items() if check.status is not Status.PASSED]
    assert failed == ["entries_are_squared"], found
    assert "more time or memory" in found["entries_are_squared"].message


def once(flag: Path, deed: str) -> str:
    """Code that does `deed` the first time only."""
    return (
        f"    import os, pathlib\n    if not pathlib.Path({str(flag)!r}).exists():\n"
        f"        pathlib.Path({str(flag)!r}).touch()\n        {deed}\n"
    )


def leave_pid(demo: Demo, file: Path) -> None:
    """Have a check write down in which process it runs."""
    note = f"    import os\n    open({str(file)!r}, 'w').write(str(os.getpid()))\n"
    demo.edit("checks.py", EXPECT, note + EXPECT, "chain")


def test_a_judge_that_is_killed_from_outside_costs_nothing(grader: Grader, tmp_path: Path) -> None:
    """Another judge takes over where the first one was ended."""
    grader.demo.edit("checks.py", EXPECT, once(tmp_path / "flag", "os.kill(os.getpid(), 9)") + EXPECT, "chain")
    grade = grader.grade(grader.demo.solved("chain"), "chain")
    assert (tmp_path / "flag").exists()
    assert (grade.score, grade.pending, grade.error) == (6.0, 0.0, "")


def test_a_judge_that_is_killed_at_a_second_look_costs_nothing(grader: Grader, tmp_path: Path) -> None:
    """An error carried forward is found by running a check once more with earlier answers put right: a judge that
    ends then has only said so far that the check failed. One at which two judges end has failed."""
    file, look = tmp_path / "seen", '    expect.close(student.length(x), x.norm(), what="length(x)"'
    for ends, points in (("seen == 2", 4.0), ("seen % 2 == 0", 1.0)):
        file.write_text("")
        note = f"    import os\n    open({str(file)!r}, 'a').write('x')\n    seen = os.path.getsize({str(file)!r})\n"
        note += f"    os.kill(os.getpid(), 9) if {ends} else None\n"
        grader.demo.edit("checks.py", look, note + look, "chain")
        grade = grader.grade(grader.demo.solved("chain", square="def square(x):\n    return 2 * x"), "chain")
        assert (grade.score, grade.pending) == (points, 0.0), ends
        assert file.stat().st_size == 4
        grader.demo.edit("checks.py", note, "", "chain")


def test_an_idle_judge_that_is_gone_is_not_missed(grader: Grader, tmp_path: Path) -> None:
    """Between two submissions a judge may die: the next one gets another."""
    leave_pid(grader.demo, tmp_path / "pid")
    pids = []
    for _ in range(3):
        assert grader.grade(grader.demo.solved("chain"), "chain").score == 6.0
        pids.append(int((tmp_path / "pid").read_text()))
        if len(pids) == 2:
            os.kill(pids[-1], signal.SIGKILL)
    assert pids[0] == pids[1] != pids[2]
    assert os.getpid() not in pids


def test_a_judge_that_dies_explaining_loses_only_the_explanation(grader: Grader) -> None:
    """The verdicts stand before anything is explained."""
    ends = """code = '''\nimport os\nos.kill(os.getpid(), 9)'''"""
    grader.demo.edit("mistakes/square.toml", 'change = [["x * x", "x + x"]]', ends, "chain")
    wrong = grader.demo.solved("chain", square="def square(x):\n    return 2 * x")
    grade = grader.grade(wrong, "chain")
    assert (grade.score, grade.pending) == (4.0, 0.0)
    assert not any(check.mistake for check in verdicts(grade).values())


def test_a_judge_that_cannot_load_is_our_failure(grader: Grader) -> None:
    """Checks that break while a class is graded leave points undecided, and never fail anybody."""
    grader.course.prepare("chain")
    (grader.demo.root / "assignments" / "chain" / "checks.py").write_text("= nonsense (", encoding="utf-8")
    grade = grader.grade(grader.demo.solved("chain"), "chain")
    assert (grade.score, grade.pending, grade.flagged) == (0.0, 6.0, True)


def test_judges_end_with_their_course(grader: Grader, tmp_path: Path) -> None:
    """No process is left when a course is closed, or forgotten."""
    leave_pid(grader.demo, tmp_path / "pid")
    course = Course(grader.demo.root, grader.course.zygote, grader.course.limits)
    work = grader.demo.hand_in("someone", grader.demo.solved("chain"), "chain")
    assert next(grade_many(course, [work], jobs=1)).score == 6.0
    pid = int((tmp_path / "pid").read_text())
    assert Path(f"/proc/{pid}").exists()
    course.judges.close()
    deadline = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not Path(f"/proc/{pid}").exists()
    assert processes_with(str(tmp_path)) == []


BURNS = """
import time

from autograder.judge import budget

budget.CHECKS_SECONDS = 2.5


def burn() -> None:
    end = time.process_time() + 1.0
    while time.process_time() < end:
        sum(range(1000))

"""


def test_a_judge_that_dies_does_not_begin_a_submissions_time_anew(grader: Grader) -> None:
    """Each submission has its share of a judge's seconds, whatever becomes of the judges: who could end one to have a
    fresh share would hold its worker up for as many shares as it likes. A neighbour loses nothing by it."""
    demo = grader.demo
    demo.edit("checks.py", "import annotations\n", "import annotations\n" + BURNS, "chain")
    dies = "    import os\n    found = student.square(x)\n    burn() if found.sum() < 0 else None\n"
    demo.edit("checks.py", EXPECT, dies + EXPECT, "chain")
    unharmed = '    _, after = student.with_inputs("square", x)\n'
    kills = "    import os\n    os.kill(os.getpid(), 9) if after[0].sum() == 0 else None\n"
    demo.edit("checks.py", unharmed, unharmed + kills, "chain")
    for name in ("x.norm()", "3.0 * student.length(x), "):
        demo.edit("checks.py", name, f"(burn() if student.length(x) < 0 else None) or {name}", "chain")
    hostile = "def square(x):\n    if len(x) == 5: x *= 0\n    return -(x * x) - 1"
    odd = demo.solved("chain", square=hostile, length="def length(x):\n    return -x.norm()")
    work = [demo.hand_in("mallory", odd, "chain"), demo.hand_in("alice", demo.solved("chain"), "chain")]
    grades = {grade.student: grade for grade in grade_many(grader.course, work, jobs=2, seed=5)}
    assert (grades["alice"].score, grades["alice"].pending) == (6.0, 0.0)
    found = verdicts(grades["mallory"])
    much = [name for name, check in found.items() if "more time or memory" in check.message]
    assert much == ["vector_is_unharmed", "length_is_homogeneous"], found
    assert 2.0 < grades["mallory"].cpu_seconds < 30


def test_the_grader_itself_needs_no_torch(demo: Demo, tmp_path: Path) -> None:
    """It takes seconds and a hundred megabytes, and forks of the warm process have it: a command that cannot import it
    gives the same grades, with figures, gradebook and all."""
    (tmp_path / "sitecustomize.py").write_text("import sys\n\nsys.modules['torch'] = None\n")
    for student, answers in (("ada", {}), ("bob", {"square": "def square(x):\n    return x + x"})):
        demo.hand_in(student, demo.solved("chain", **answers), "chain")
    ran = subprocess.run(
        [sys.executable, "-c", "from autograder.cli import main; main()", "grade", "submitted", "--json", "-"],
        cwd=demo.root, env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    found = {grade["student"]: grade["score"] for grade in json.loads(ran.stdout)["submissions"]}
    assert found["ada"] == 6.0 > found["bob"]


def test_checks_that_end_their_process_are_told(grader: Grader) -> None:
    """They are imported where submissions are judged: the grader lives on, and names the assignment."""
    grader.demo.edit("checks.py", "import annotations\n", "import annotations\n\nimport os\n\nos._exit(3)\n", "chain")
    with pytest.raises(AssignmentError, match="chain: checks: the process that imports them ends"):
        grader.course.prepare("chain")
    assert grader.course.prepare("demo").checks


def gone() -> socket.socket:
    """What is left of a judge that ended."""
    ours, theirs = socket.socketpair()
    theirs.close()
    return ours


def test_a_first_judge_that_is_gone_lists_no_checks(grader: Grader) -> None:
    """A fresh one does: that the last one ended says nothing of the checks."""
    grader.course.judges._first.append(gone())
    assert grader.course.prepare("demo").checks
    (alive,) = grader.course.judges._first
    assert alive.fileno() > 0


class Made:
    """Counts in files how often the checks of `chain` were imported, and its solution was run. Of wrong work is told
    here what carries an error forward, for which the solution is needed, and nothing else."""

    def __init__(self, demo: Demo, folder: Path, solution: str = "pass") -> None:
        self.demo, self.pid, self.files = demo, folder / "pid", (folder / "imports", folder / "runs")
        for name, file, before, deed in (
            ("checks.py", self.files[0], "from autograder.judge", "pass"),
            ("notebook.py", self.files[1], "def square", solution),
        ):
            file.touch()
            demo.edit(name, before, f"open({str(file)!r}, 'a').write('x'); {deed}\n{before}", "chain")
        shutil.rmtree(demo.root / "assignments" / "chain" / "mistakes")
        leave_pid(demo, self.pid)

    def by(self, grader: Grader) -> int:
        """The judge of wrong work."""
        wrong = self.demo.solved("chain", square="def square(x):\n    return 2 * x")
        grade = grader.grade(wrong, "chain")
        assert grade.score == 4.0, (grade.error, grade.sandbox)
        return int(self.pid.read_text())

    def counts(self) -> list[int]:
        return [file.stat().st_size for file in self.files]


def test_judges_have_what_all_of_them_need_from_the_first(grader: Grader, tmp_path: Path) -> None:
    """Checks are imported and the solution is run once, however many judges there are. Where the first one is gone,
    who comes next does that for itself."""
    made = Made(grader.demo, tmp_path)
    first = made.by(grader)
    os.kill(first, signal.SIGKILL)
    second = made.by(grader)
    assert first != second
    assert made.counts() == [1, 1]
    above = int(Path(f"/proc/{second}/stat").read_text().rpartition(")")[2].split()[1])
    for pid in (above, second):
        os.kill(pid, signal.SIGKILL)
    assert made.by(grader) not in (first, second)
    assert made.counts() == [2, 2]


def test_the_solution_is_run_before_work_is_judged(grader: Grader, tmp_path: Path) -> None:
    """While a student's cells run: it is there when the first check asks."""
    made = Made(grader.demo, tmp_path)

    class Refuses(Onlooker):
        def ran(self, execution: Execution) -> str:
            deadline = time.monotonic() + 60
            while made.counts() != [1, 1] and time.monotonic() < deadline:
                time.sleep(0.02)
            return "not to be judged"

    work = grader.demo.hand_in("someone", grader.demo.solved("chain"), "chain")
    assert grade_submission(grader.course, work, 1, Refuses()).error == "not to be judged"
    assert made.counts() == [1, 1]


@pytest.mark.parametrize("leaves", ["import threading, time; threading.Thread(target=time.sleep, args=(9,)).start()",
                                    "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"])  # fmt: skip
def test_a_first_judge_that_cannot_be_forked_is_done_without(grader: Grader, tmp_path: Path, leaves: str) -> None:
    """A thread that a solution leaves would be missing in a fork; a solution that ends its process leaves none."""
    once = f"os_ = __import__('os'); (os_.path.getsize({str(tmp_path / 'runs')!r}) > 1) or exec({leaves!r})"
    made = Made(grader.demo, tmp_path, once)
    made.by(grader)
    assert made.counts() == [2, 2]


def test_with_cuda_no_judge_is_forked(grader: Grader, tmp_path: Path) -> None:
    """What a solution has done with it would be of no use in a fork."""
    grader.course.judges = Judges(lambda: grader.course.zygote.fork(SERVICE), forks=False)
    made = Made(grader.demo, tmp_path)
    made.by(grader)
    assert made.counts() == [2, 1]
