"""What a warm submission costs beyond running its own cells: `python -m benchmarks.warm [ASSIGNMENT] [N]`.

CPU seconds of everything (grader and sandbox) minus the CPU seconds that the notebook's cells took, which the
notebook itself reports: a first and a last cell read the clock of the kernel's process.
"""

from __future__ import annotations

import copy
import json
import resource
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course import Course, Spec
from autograder.model import Grade, Status, Submission
from autograder.notebooks import read_notebook, write_files
from autograder.pipeline import grade_submission

SEED = 1  # as in a run of `grade`, which has one for all
_CLOCK = "import time as _clock\nprint('cpu', _clock.process_time())"


@dataclass(frozen=True)
class Cost:
    """Seconds for one submission; `beyond` is CPU beyond its own cells."""

    wall: float
    cpu: float
    cells: float

    @property
    def beyond(self) -> float:
        """What grading adds."""
        return self.cpu - self.cells


def timed(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook with a clock before its first and after its last cell."""
    framed = copy.deepcopy(notebook)
    clocks: list[dict[str, Any]] = [
        {"cell_type": "code", "id": name, "metadata": {}, "source": _CLOCK, "outputs": [], "execution_count": None}
        for name in ("clock-start", "clock-end")
    ]
    framed["cells"] = [clocks[0], *framed["cells"], clocks[1]]
    return framed


def cpu_of_cells(grade: Grade) -> float:
    """Read the two clocks of an executed notebook."""
    cells = {cell["id"]: cell for cell in grade.notebook["cells"]}
    start, end = (float(cells[name]["outputs"][0]["text"].split("cpu", 1)[1]) for name in ("clock-start", "clock-end"))
    return end - start


def own_cpu() -> float:
    """CPU seconds of the grader's process so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def measure(course: Course, assignment: str, notebook: dict[str, Any], count: int) -> list[Cost]:
    """Grade the notebook `count` times, one after the other, with the models that it was handed in with. Raises
    SystemExit where it does not get full marks: explaining failures is another cost."""
    costs, files = [], course.prepare(assignment).assignment.handed_in()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{assignment}.ipynb"
        write_files(path.parent, files)
        path.write_text(json.dumps(timed(notebook)), encoding="utf-8")
        for _ in range(count):
            cpu, wall = own_cpu(), time.monotonic()
            grade = grade_submission(course, Submission("bench", assignment, path), SEED)
            failed = [check.name for item in grade.items for check in item.checks if check.status is not Status.PASSED]
            if grade.error or failed:
                raise SystemExit(f"the benchmark's notebook is not right: {grade.error or ', '.join(failed)}")
            cpu = own_cpu() - cpu + grade.cpu_seconds
            costs.append(Cost(time.monotonic() - wall, cpu, cpu_of_cells(grade)))
    return costs


def main(arguments: list[str]) -> None:
    """Print one line per submission and the median of the warm ones."""
    assignment = arguments[0] if arguments else "rnn_backprop"
    count = int(arguments[1]) if len(arguments) > 1 else 8
    root = Path.cwd()
    notebook = read_notebook(root / "solutions" / assignment / f"{assignment}.ipynb")
    with Course.open(Spec(root)) as course:
        begin = time.monotonic()
        course.zygote.start()
        print(f"warm-up {time.monotonic() - begin:.2f} s ({course.zygote.backend.name})")
        costs = measure(course, assignment, notebook, count)
    print("        wall s   CPU s  cells s  beyond s")
    for number, cost in enumerate(costs, 1):
        print(f"{number:5d}  {cost.wall:7.2f} {cost.cpu:7.2f}  {cost.cells:7.2f}   {cost.beyond:7.2f}")
    warm = costs[1:] or costs
    median = statistics.median(c.beyond for c in warm)
    print(f"median of the warm ones: {median:.2f} CPU s beyond the notebook's own cells")


if __name__ == "__main__":
    main(sys.argv[1:])
