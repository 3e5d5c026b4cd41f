"""What every test run shares. Which warnings are errors is set in pyproject.toml."""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

# Before torch is imported anywhere: one thread per process (tests run side by side), and no model hub to ask.
for _name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ["HF_HUB_OFFLINE"] = "1"
# The Makefile's large pages are for the forks of this very process. Those that it starts run as they do elsewhere.
os.environ.pop("GLIBC_TUNABLES", None)
# The gradebook of whoever runs the tests is no place for made-up students.
os.environ.pop("SEQ2GRADE_DB", None)
os.environ["MPLBACKEND"] = "agg"

# What pytest makes of asserts is kept for the next worker and the next run, also where Python is told to keep nothing;
# what tests write of courses of their own is not.
_KEEPS_NOTHING, sys.dont_write_bytecode = sys.dont_write_bytecode, False

from hypothesis import HealthCheck, settings  # noqa: E402

from tests.browser.chromium import CHROMIUM  # noqa: E402

# The same examples on every run, so that a failure is one that the next run shows too. No deadline: the
# first call of torch in a process takes longer than any.
settings.register_profile(
    "repeatable", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
# For hunting: pytest --hypothesis-profile=search
settings.register_profile("search", deadline=None, max_examples=2000)
# `make fuzz`: as many, of malformed input, and what was found is tried first the next time.
settings.register_profile("fuzz", deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("repeatable")


# These take minutes: begun last, one of them would keep a processor alone at the end. The longest first.
_LONG = (
    "test_graded_for_real.py", "test_elsewhere.py", "test_sharp_and_fair.py", "test_container.py", "test_try_it.py",
    "test_attacks.py", "test_faults.py", "test_any_reply.py", "test_one_process.py", "test_calls_are_shown.py",
    "test_batch.py", "test_reproducible.py", "test_autograde.py",
)  # fmt: skip


def pytest_collection_finish() -> None:
    """From here on courses are written and read, which must not meet what Python kept of an older text."""
    sys.dont_write_bytecode = _KEEPS_NOTHING


@pytest.hookimpl(trylast=True)  # after fixtures that are shared by files have brought their tests together
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, then those with many tests: side by side, files are taken in this order (see Makefile)."""
    sizes = Counter(item.path for item in items)
    rank = {name: place for place, name in enumerate(_LONG)}
    items.sort(key=lambda item: (rank.get(item.path.name, len(_LONG)), -sizes[item.path], str(item.path)))


# Their tests share nothing but what each worker has anyway, so they need not wait for each other.
_APART = ("test_attacks.py",)
# Each of their tests is about one assignment: what its checks keep of one is there for the next.
_BY_ASSIGNMENT = ("test_sharp_and_fair.py", "test_calls_are_shown.py", "test_mutants.py")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """The tests of a file stay together, for what its fixtures make; those of these files go wherever there is room."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file: str = super()._split_scope(nodeid)
            if file.endswith(_BY_ASSIGNMENT) and nodeid.endswith("]"):
                return nodeid.rpartition("[")[2]
            return nodeid if file.endswith(_APART) else file

    return Scheduling(config, log)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Tests that this machine has no program for are not collected: say so."""
    if not CHROMIUM:
        terminalreporter.write_line("No Chromium is installed: tests/browser had no cases (CONTRIBUTING.md).")


@pytest.fixture(scope="session", autouse=True)
def _own_settings() -> Iterator[None]:
    """Jupyter, IPython and matplotlib read an empty home, not the settings of whoever runs the tests."""
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "run",
        "IPYTHONDIR": "ipython",
        "MPLCONFIGDIR": "mpl",
    }
    # A short path: the kernels' sockets lie below it, and a socket's path has 107 bytes at most.
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(prefix="s2g-") as home:
        for name, folder in folders.items():
            Path(home, folder).mkdir()
            patch.setenv(name, str(Path(home, folder)))
        yield
