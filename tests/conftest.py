"""What every test run shares. Which warnings are errors is set in pyproject.toml."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

# Before torch is imported anywhere: one thread per process (tests run side by side), and no model hub to ask.
for _name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["MPLBACKEND"] = "agg"

from hypothesis import HealthCheck, settings  # noqa: E402

# The same examples on every run, so that a failure is one that the next run shows too. No deadline: the
# first call of torch in a process takes longer than any.
settings.register_profile(
    "repeatable", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
# For hunting: pytest --hypothesis-profile=search
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile("repeatable")


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
