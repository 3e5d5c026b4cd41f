"""Empty databases of every kind that is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from autograder.gradebook import CourseGradebook, database_url
from tests.gradebook.sample import release


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of our own, on a socket in a folder of its own."""
    user: dict[str, Any] = {"user": 65534, "group": 65534} if os.geteuid() == 0 else {}
    folder = Path(subprocess.check_output(["mktemp", "-d", "/tmp/s2g-pg-XXXXXX"], text=True, **user).strip())
    data = str(folder / "data")
    subprocess.run(
        ["initdb", "-D", data, "-U", "seq2grade", "-A", "trust", "--no-sync"],
        check=True,
        stdout=subprocess.DEVNULL,
        **user,
    )
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    subprocess.run(
        ["pg_ctl", "-D", data, "-w", "-o", options, "-l", str(folder / "log"), "start"],
        check=True,
        stdout=subprocess.DEVNULL,
        **user,
    )
    yield f"postgresql://seq2grade@/{{}}?host={folder}"
    subprocess.run(
        ["pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"], check=True, stdout=subprocess.DEVNULL, **user
    )
    shutil.rmtree(folder)


# PostgreSQL takes part where its server and driver are installed.
BACKENDS = ["sqlite", *(["postgresql"] if shutil.which("initdb") and find_spec("psycopg") else [])]


@pytest.fixture(params=BACKENDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'gradebook.db'}"
    pattern = request.getfixturevalue("postgresql")
    name = f"course_{os.getpid()}_{abs(hash(tmp_path))}"
    host = pattern.partition("host=")[2]
    subprocess.run(["createdb", "-h", host, "-U", "seq2grade", name], check=True)
    return database_url(tmp_path, pattern.format(name))


@pytest.fixture
def book(url: str) -> Iterator[CourseGradebook]:
    with CourseGradebook(url) as opened:
        opened.register("hw1", release())
        yield opened
