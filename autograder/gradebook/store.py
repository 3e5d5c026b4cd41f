"""A database with nbgrader's tables, and transactions that are repeated when another writer is in the way."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import nbgrader
from alembic.config import Config
from alembic.script import ScriptDirectory
from nbgrader.api import Base
from sqlalchemy import Connection, Engine, create_engine, inspect, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from autograder.errors import GradebookDown, GradebookError

ENVIRONMENT = "SEQ2GRADE_DB"
_BUSY_SECONDS = 5.0
_PATIENCE_SECONDS = 60.0
# Two writers that create the same row meet once or twice; a broken rule of the tables stays broken.
_CONFLICTS = 5
# PostgreSQL: serialization failure, deadlock, a table that another process has just created, and a lock that another
# holds.
_TRANSIENT_STATES = frozenset({"40001", "40P01", "42P07", "55P03"})
# A server that went away without a word is noticed within a minute, not after hours.
_NETWORK: dict[str, Any] = {
    "connect_timeout": 10, "keepalives_idle": 20, "keepalives_interval": 10, "keepalives_count": 3,
    "tcp_user_timeout": 50_000,
}  # fmt: skip
# Any number will do, so long as every process takes the same.
_SCHEMA_LOCK = 0x5E92
T = TypeVar("T")


def database_url(root: Path, url: str | None = None) -> str:
    """Where the gradebook lies: `url`, else the environment's SEQ2GRADE_DB, else gradebook.db in the course.

    A plain postgresql:// address is given the driver that is installed (psycopg).
    """
    found = url or os.environ.get(ENVIRONMENT) or f"sqlite:///{Path(os.path.abspath(root)) / 'gradebook.db'}"
    scheme, separator, rest = found.partition("://")
    if scheme in ("postgres", "postgresql") and find_spec("psycopg2") is None:
        scheme = "postgresql+psycopg"
    return scheme + separator + rest


class Store:
    """An engine on nbgrader's tables, created at the first opening. Threads may share it; close it at last."""

    def __init__(self, url: str) -> None:
        """Raises GradebookError when the database cannot be opened or its tables are another version's."""
        self.patience = _PATIENCE_SECONDS  # how long one that is busy is waited for
        try:
            self.engine = _engine(url)
        except (SQLAlchemyError, ImportError) as error:
            raise GradebookError(
                f"The gradebook's address cannot be used: {error}. Check {ENVIRONMENT}; for "
                "PostgreSQL, install psycopg."
            ) from error
        try:
            self._repeat(lambda: _prepare(self.engine))
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    def write(self, work: Callable[[Session], T]) -> T:
        """Do `work` in one transaction and return what it returns; it may be called again after a conflict.

        Raises GradebookError when the database fails; GradebookDown when it is not to be had, or stays busy for
        a minute.
        """

        def attempt() -> T:
            with Session(self.engine) as session, session.begin():
                _take_write_lock(session.connection())
                return work(session)

        return self._repeat(attempt)

    def read(self, work: Callable[[Session], T]) -> T:
        """Do `work`, which only reads. Raises GradebookError when the database fails."""

        def attempt() -> T:
            with Session(self.engine) as session:
                return work(session)

        return self._repeat(attempt)

    def _repeat(self, attempt: Callable[[], T]) -> T:
        began = time.monotonic()
        pause, conflicts = 0.02, 0
        while True:
            try:
                return attempt()
            except SQLAlchemyError as error:
                conflicts += isinstance(error, IntegrityError)
                late = time.monotonic() + pause > began + self.patience or conflicts > _CONFLICTS
                if late or not _transient(error):
                    where = self.engine.url.render_as_string(hide_password=True)
                    reason = str(getattr(error, "orig", None) or error)
                    kind = GradebookDown if _is_down(error) else GradebookError
                    raise kind(f"The gradebook {where} failed: {reason}") from error
            # Writers that met once would meet again if they waited equally long.
            time.sleep(pause * (0.5 + random.random()))
            pause = min(2 * pause, 1.0)


def _engine(url: str) -> Engine:
    if url.startswith("sqlite"):
        return create_engine(url, connect_args={"timeout": _BUSY_SECONDS})
    made = make_url(url)
    network = {name: value for name, value in _NETWORK.items() if name not in made.query}
    postgresql = made.get_backend_name() == "postgresql"
    return create_engine(made, pool_pre_ping=True, connect_args=network if postgresql else {})


def _transient(error: SQLAlchemyError) -> bool:
    if isinstance(error, IntegrityError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _TRANSIENT_STATES:
        return True
    return isinstance(error, OperationalError) and "locked" in str(error.orig)


def _is_down(error: SQLAlchemyError) -> bool:
    """Whether the fault is the database's, not what was asked of it: it cannot be reached, written, or waited for."""
    return isinstance(error, (OperationalError, InterfaceError, PoolTimeout)) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    )


def _take_write_lock(connection: Connection) -> None:
    """SQLite cannot turn a reading transaction into a writing one while another waits for the same, so a
    writing one says so at once and queues. PostgreSQL locks rows, and would wait for
    another's lock for ever."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(1000 * _BUSY_SECONDS)}")


def _prepare(engine: Engine) -> None:
    """Create nbgrader's tables where there are none. nbgrader does so itself, but two processes that do it at
    once collide, and it calls the `alembic` command, which PATH may not lead to."""
    head = _schema_version()
    with engine.connect() as connection:
        if _is_ready(connection, head):
            return
    with engine.begin() as connection:
        _take_write_lock(connection)
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SCHEMA_LOCK})
        if _is_ready(connection, head):
            return
        Base.metadata.create_all(connection)
        connection.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": head})


def _is_ready(connection: Connection, head: str) -> bool:
    tables = set(inspect(connection).get_table_names())
    found: list[str] = []
    if "alembic_version" in tables:
        found = list(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())
    if "grade" not in tables and not found:
        return False
    if found != [head]:
        raise GradebookError(
            f"The gradebook has the tables of another nbgrader ({', '.join(found) or 'old'} "
            f"instead of {head}). Make a copy of it, then run `nbgrader db upgrade`."
        )
    return True


def _schema_version() -> str:
    config = Config()
    config.set_main_option("script_location", str(Path(nbgrader.__file__).with_name("alembic")))
    head = ScriptDirectory.from_config(config).get_current_head()
    if head is None:
        raise GradebookError("nbgrader names no version of its tables; install nbgrader again.")
    return head
