"""Claims about the database: many writers, one row each, and sentences for what cannot be used."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine

from autograder.errors import GradebookDown, GradebookError
from autograder.gradebook import CourseGradebook, database_url, store
from tests.gradebook.sample import grade, release


def test_one_row_each(url: str) -> None:
    """Threads that open, register, begin and record at once leave one row for each student, and no error."""
    barrier = threading.Barrier(6)

    def work(number: int) -> None:
        barrier.wait()
        with CourseGradebook(url) as mine:
            mine.register("hw1", release())
            for student in ("ann", "bob", f"own{number}"):
                mine.begin(student, "hw1")
                mine.record(grade(student, f=float(number % 4)))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    with CourseGradebook(url) as book:
        found = book.scores("hw1")
    assert [row.student for row in found] == ["ann", "bob", *(f"own{n}" for n in range(6))]
    assert [row.score for row in found[2:]] == [float(n % 4) + 2.0 for n in range(6)]
    assert all(row.max_score == 9.0 for row in found)


def test_processes(url: str, tmp_path: Path) -> None:
    """Processes that write at once all succeed."""
    (tmp_path / "release.json").write_text(json.dumps(release()))
    script = (
        "import json, sys\nfrom pathlib import Path\nfrom autograder.gradebook import CourseGradebook\n"
        "with CourseGradebook(sys.argv[1]) as book:\n"
        "    book.register('hw1', json.loads(Path(sys.argv[2]).read_text()))\n"
        "    for n in range(5):\n        book.begin(f's{sys.argv[3]}-{n}', 'hw1')\n        book.begin('ann', 'hw1')\n"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", script, url, str(tmp_path / "release.json"), str(n)]) for n in range(3)
    ]
    assert [run.wait(timeout=300) for run in runs] == [0, 0, 0]
    with CourseGradebook(url) as book:
        assert len(book.scores("hw1")) == 16


def test_waits_for_another_writer(tmp_path: Path) -> None:
    """A writer waits while another holds the file, instead of failing."""
    path = tmp_path / "gradebook.db"
    with CourseGradebook(f"sqlite:///{path}") as book:
        book.register("hw1", release())
        with closing(sqlite3.connect(path, check_same_thread=False)) as other:
            other.execute("BEGIN IMMEDIATE")
            timer = threading.Timer(0.7, other.rollback)
            timer.start()
            book.begin("ann", "hw1")
            timer.join()
        assert len(book.scores("hw1")) == 1


def test_does_not_wait_for_ever(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock that somebody forgot holds a writer up for its patience, and no longer."""
    monkeypatch.setattr(store, "_BUSY_SECONDS", 0.2)
    with CourseGradebook(url) as book:
        book.register("hw1", release())
        book.begin("ann", "hw1")
        book.patience = 0.5
        engine = create_engine(url, poolclass=NullPool)
        with engine.connect() as other:
            if other.dialect.name == "sqlite":
                other.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                other.exec_driver_sql("LOCK TABLE grade IN ACCESS EXCLUSIVE MODE")
            with ThreadPoolExecutor(1) as pool:
                waiting = pool.submit(book.record, grade("ann"))
                try:
                    with pytest.raises(GradebookDown):
                        waiting.result(timeout=300)
                finally:
                    other.rollback()
        book.record(grade("ann", f=3.0))
        assert [row.score for row in book.scores("hw1")] == [5.0]


def test_other_version(tmp_path: Path) -> None:
    """A gradebook of another nbgrader is refused with what to do, and left alone."""
    path = tmp_path / "gradebook.db"
    with CourseGradebook(f"sqlite:///{path}"):
        pass
    with closing(sqlite3.connect(path)) as other:
        other.execute("UPDATE alembic_version SET version_num = 'old'")
        other.commit()
    with pytest.raises(GradebookError, match="nbgrader db upgrade"):
        CourseGradebook(f"sqlite:///{path}")


@pytest.mark.parametrize("bad", ["sqlite:////absent/folder/x.db", "nonsense", "nodb://x", "sqlite:////dev/null"])
def test_unusable_address(bad: str) -> None:
    """An address that cannot be used is a GradebookError."""
    with pytest.raises(GradebookError):
        CourseGradebook(bad)


def test_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The argument beats the environment, which beats the file in the course; passwords are not shown."""
    monkeypatch.delenv("SEQ2GRADE_DB", raising=False)
    assert database_url(tmp_path) == f"sqlite:///{tmp_path}/gradebook.db"
    monkeypatch.setenv("SEQ2GRADE_DB", "sqlite:////elsewhere.db")
    assert database_url(tmp_path) == "sqlite:////elsewhere.db"
    assert database_url(tmp_path, "sqlite:///x.db") == "sqlite:///x.db"
    assert database_url(tmp_path, "postgresql://u:p@h/d").endswith("://u:p@h/d")
