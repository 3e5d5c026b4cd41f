"""From the word after --fleet to something that grades: this machine's threads, or the workers of a Dask cluster."""

from __future__ import annotations

import contextlib
import ipaddress
import json
import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from autograder.course import Course
from autograder.errors import FleetError
from autograder.fleet import keys, local
from autograder.fleet.stop import Stop
from autograder.gradebook.kept import KEPT, private_folder
from autograder.model import Grade, Submission
from autograder.pipeline import Onlooker

if TYPE_CHECKING:
    from distributed.security import Security

    from autograder.fleet.remote import DaskFleet

NAMES = ("local", "dask", "slurm", "kubernetes")
WAIT = "SEQ2GRADE_FLEET_WAIT"  # seconds that a run waits for a fit worker
_WAIT_SECONDS = 300.0
_CONNECT_SECONDS = 20.0


class Fleet(Protocol):
    """What grades many submissions. `told`: lines for a person, about the fleet itself."""

    told: list[str]

    def grade_many(
        self,
        course: Course,
        submissions: Sequence[Submission],
        jobs: int = 0,
        seed: int | None = None,
        started: local.Started | None = None,
        stop: Stop | None = None,
        onlooker: Callable[[Submission], Onlooker] | None = None,
        earlier: Mapping[Path, Grade] = MappingProxyType({}),
    ) -> Iterator[Grade]:
        """See fleet/local.py."""
        ...


class LocalFleet:
    """Threads of this process around one warm process."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.grade_many = local.grade_many


def folder_of(course: Path) -> Path:
    """Where a course keeps what belongs to its fleets: addresses, keys, job scripts. Nobody but its owner enters, and
    no assignment can be called so."""
    with contextlib.suppress(OSError):  # a course that takes nothing new can still be read
        private_folder(course / KEPT)
    return course / KEPT / ".fleet"


@contextlib.contextmanager
def fleet_called(name: str, course: Path, jobs: int = 0) -> Iterator[Fleet]:
    """The fleet that `name` asks for, and an end to what was started for it. `jobs` is the number of workers where they
    are started here. Raises FleetError where it cannot be had."""
    if name == "local":
        yield LocalFleet()
    elif name == "dask":
        with _workers_here(jobs or local.default_jobs()) as fleet:
            yield fleet
    else:
        address, security = where(name, course)
        with _connected(address, security) as fleet:
            yield fleet


def check_name(name: str) -> None:
    """Raises FleetError for a word that is no fleet."""
    scheme, separator, place = name.partition("://")
    if name not in NAMES and not (separator and place and scheme in ("dask", "tls", "tcp")):
        raise FleetError(
            f"no fleet is called {name!r}: say {', '.join(NAMES)}, or the address of a scheduler (dask://host:8786)"
        )


def where(name: str, course: Path) -> tuple[str, Security | None]:
    """The scheduler's address and what secures the way there. Raises FleetError."""
    check_name(name)
    home = folder_of(course)
    if name in NAMES:
        return _noted(home / f"{name}.json", name), _secure(keys.keys_for(home))
    scheme, _, place = name.partition("://")
    if scheme == "tls" or (scheme == "dask" and not is_loopback(place)):
        return f"tls://{place}", _secure(keys.keys_for(home))
    return f"tcp://{place}", None


def is_loopback(place: str) -> bool:
    """Whether host:port is on this machine, for certain."""
    host = place.rpartition(":")[0].strip("[]") or place
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def note(course: Path, name: str, address: str) -> Path:
    """Keep where a fleet is, for `--fleet NAME`. Returns the file."""
    from autograder.writing import replace_file

    return replace_file(folder_of(course) / f"{name}.json", json.dumps({"address": address}) + "\n", 0o600)


def _noted(path: Path, name: str) -> str:
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["address"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FleetError(f"no {name} fleet is up for this course: start one by `seq2grade fleet up {name}`") from error


def _secure(folder: Path | None) -> Security:
    quiet()
    return keys.security(folder)


@contextlib.contextmanager
def _connected(address: str, security: Security | None) -> Iterator[DaskFleet]:
    from distributed import Client

    from autograder.fleet.remote import DaskFleet

    quiet()
    try:
        client = Client(address, security=security, timeout=_CONNECT_SECONDS, set_as_default=False)
    except Exception as error:
        raise FleetError(_cannot_connect(address, error)) from error
    fleet = DaskFleet(client, _patience())
    if address.startswith("tcp://") and not is_loopback(address.partition("://")[2]):
        fleet.told.append(f"{address} is not encrypted: whoever reaches it can run code on every worker")
    try:
        yield fleet
    finally:
        _close(client)


def _cannot_connect(address: str, error: Exception) -> str:
    reason = " ".join(str(error).split())[:300] or repr(error)
    advice = f"is it up, and does it have the key that {keys.VARIABLE} names here?" if "tls" in address else "is it up?"
    return f"the fleet's scheduler at {address} cannot be reached: {reason}; {advice}"


@contextlib.contextmanager
def _workers_here(count: int) -> Iterator[DaskFleet]:
    """Worker processes of this run's own, over TLS with credentials that exist in memory only: on loopback, too, where
    a sandbox that shares the network could reach them."""
    quiet()
    import dask
    from distributed import Client, LocalCluster
    from distributed.security import Security

    from autograder.fleet.remote import DaskFleet

    # A worker that was killed is started anew; on a busy machine that takes longer than the 15 seconds after which Dask
    # would give its place up for good.
    dask.config.set({"distributed.deploy.lost-worker-timeout": "15 minutes"})
    try:
        cluster = LocalCluster(
            n_workers=count, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0",
            memory_limit=0, security=Security.temporary(), silence_logs=logging.CRITICAL, protocol="tls://",
            preload=["autograder.fleet.worker"],
        )  # fmt: skip
    except Exception as error:
        raise FleetError(f"no worker processes could be started here: {error}") from error
    client = Client(cluster, set_as_default=False)
    try:
        yield DaskFleet(client, _patience())
    finally:
        _close(client)
        _close(cluster)


class _Closes(Protocol):
    def close(self, timeout: float = 0.0) -> object: ...


def _close(what: _Closes) -> None:
    """In a thread that is waited for only so long: nothing that was graded depends on it."""

    def close() -> None:
        with contextlib.suppress(Exception):
            what.close(timeout=10)

    closing = threading.Thread(target=close, name="close", daemon=True)
    closing.start()
    closing.join(20)


def quiet() -> None:
    """Dask tells of every worker that comes or goes; what matters of it, we say. Raises FleetError without Dask."""
    try:
        import dask
        import distributed  # noqa: F401
    except ImportError as error:
        raise FleetError(f"{error}: install what fleets need by pip install 'seq2grade[fleet]'") from error
    dask.config.set(
        {
            "distributed.admin.large-graph-warning-threshold": "1GB",  # a submission may be large, and is sent once
            "distributed.scheduler.worker-ttl": "90s",
            "distributed.scheduler.active-memory-manager.start": False,
            "distributed.scheduler.work-stealing": False,
        }
    )
    for name in ("distributed", "tornado.application", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _patience() -> float:
    told = os.environ.get(WAIT, "")
    try:
        return float(told) if told else _WAIT_SECONDS
    except ValueError:
        raise FleetError(f"{WAIT}={told}: expected seconds") from None
