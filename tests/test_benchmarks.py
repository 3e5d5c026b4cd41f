"""What `make bench` is made of; the contest itself takes an hour, and `--quick` some minutes."""

from __future__ import annotations

import json
import sys
from itertools import product
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.reference import reference_namespace
from benchmarks import rates
from benchmarks.compare import PAGE, class_for, of_others, table, with_results
from benchmarks.measured import Measured, measure

WORK = """
import subprocess, sys, time
block = bytearray(b"x") * (150 * 2**20)
end = time.process_time() + 0.3
while time.process_time() < end: pass
child = "import time; block = bytearray(b'x') * (100 * 2**20); time.sleep(1.5)"
subprocess.run([sys.executable, "-c", child])
print("done")
"""


def test_a_command_is_measured_with_all_its_processes(tmp_path: Path) -> None:
    """Time of the clock and of the processors, memory that parent and child hold at once, and what was printed."""
    found = measure([sys.executable, "-c", WORK], tmp_path, {}, closely=True)
    assert found.wall >= 1.5
    assert found.cpu >= 0.3
    assert 250 < found.pss_mb < 400
    assert found.output == "done\n"


def test_work_that_nobody_waits_for_counts(tmp_path: Path) -> None:
    """A process whose parent takes no notice of its end is one of the command's all the same."""
    busy = "import time\nwhile time.process_time() < 1.0: pass"
    parent = (
        f"import signal, subprocess, sys\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
        f"subprocess.Popen([sys.executable, '-c', {busy!r}]).wait()"
    )
    assert measure([sys.executable, "-c", parent], tmp_path, {}).cpu >= 0.95


def test_a_command_that_fails_ends_the_bench(tmp_path: Path) -> None:
    """No number is better than one of a command that did nothing."""
    with pytest.raises(SystemExit, match="no such thing"):
        measure([sys.executable, "-c", "import sys; print('no such thing'); sys.exit(7)"], tmp_path, {})


def test_everybody_grades_the_same_class() -> None:
    """As many as were asked for, each under a name of its own, and the same ones each time."""
    one, two = (class_for("rnn_backprop", 40) for _ in range(2))
    assert len(one.notebooks) == 40
    assert one.notebooks == two.notebooks
    assert len(set(one.notebooks.values())) > 10


def test_the_table_compares_with_stock_nbgrader() -> None:
    """Rates, ratios, CPU seconds of each, and what the second worker brings and costs."""
    class_ = class_for("rnn_backprop", 10)
    times = {"nbgrader autograde": 100.0, "otter run": 200.0, "ours, 1 worker": 10.0, "ours, 2 workers": 5.0}
    profile = "...\nstage wall s\ncells 1.0\n"
    found = {name: Measured(wall, wall, 400 + 10 * wall, profile) for name, wall in times.items()}
    text = table(class_, found)
    assert "| nbgrader autograde | 6.0 | 1.0 | 10.00 | 1400 |" in text
    assert "| ours, 1 worker | 60.0 | 10.0 | 1.00 | 500 |" in text
    assert "2.00 times as fast" in text
    assert "-50 MB more" in text
    assert "stage wall s\ncells 1.0\n```" in text


def test_a_run_goes_on_with_what_others_took() -> None:
    """nbgrader and otter need not be measured again when only we have changed; ours always is."""
    log = """make: nothing
rnn_backprop nbgrader autograde {"wall": 395.3, "cpu": 371.5, "pss_mb": 570.7}
rnn_backprop ours, 1 worker {"wall": 132.0, "cpu": 16.5, "pss_mb": 1135.8}
nmt_attention otter run {"wall": 1.0, "cpu": 2.0, "pss_mb": 3.0}
"""
    assert of_others(log, "rnn_backprop") == {"nbgrader autograde": Measured(395.3, 371.5, 570.7, "")}
    assert of_others(log, "nmt_attention") == {"otter run": Measured(1.0, 2.0, 3.0, "")}


def test_the_page_takes_new_results() -> None:
    """Between its marks, and nothing else changes."""
    page = PAGE.read_text(encoding="utf-8")
    once = with_results(page, "first")
    assert with_results(once, "second") == with_results(page, "second")
    assert "first" in once
    with pytest.raises(ValueError, match="marks"):
        with_results("no marks", "x")


def test_rates_hold_a_run_of_each_kind_at_each_rate() -> None:
    """What the notebook draws has every seed, and its runs at the notebook's own rate are those that are handed in."""
    space = reference_namespace(load_assignment(rates.FOLDER))
    runs = json.loads(rates.FILE.read_text(encoding="ascii"))["runs"]
    own, known = space["recipe"].rate, rates.known(space)
    assert [run for run in runs if run["rate"] == own] == known
    found = [(run["kind"], run["rate"], run["seed"]) for run in runs]
    assert sorted(found) == sorted(product(space["KINDS"], (own, *rates.RATES), space["SEEDS"]))
