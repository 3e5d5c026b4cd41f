"""A fleet in Slurm: one job for each worker, submitted and kept up by dask-jobqueue; the scheduler runs here."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import FleetError
from autograder.fleet.choose import folder_of, quiet
from autograder.fleet.keys import make_keys, security

_DEATH_SECONDS = 60  # after which a worker ends that finds no scheduler


@dataclass(frozen=True)
class Wanted:
    """What to ask Slurm for. `cores` is how many submissions one job grades side by side, `memory` what all of them may
    take (as "4GB"), `walltime` HH:MM:SS; `host` the name or address by which the jobs reach this machine, "" for the
    one that Dask finds; `directives` are further #SBATCH lines."""

    workers: int
    cores: int = 1
    memory: str = "4GB"
    walltime: str = "02:00:00"
    partition: str = ""
    account: str = ""
    host: str = ""
    directives: tuple[str, ...] = ()


def script(course: Path, wanted: Wanted) -> str:
    """The job of one worker, as it will be submitted but for the scheduler's address. Raises FleetError."""
    from dask_jobqueue.slurm import SLURMJob

    quiet()
    try:
        job = SLURMJob("tls://SCHEDULER:PORT", name="NAME", **_job(course, wanted), protocol="tls://",
                       security=security(make_keys(folder_of(course) / "tls")))  # fmt: skip
    except (ValueError, TypeError) as error:
        raise FleetError(f"no Slurm job can be made of this: {error}") from error
    return str(job.job_script())


@contextlib.contextmanager
def up(course: Path, wanted: Wanted) -> Iterator[str]:
    """A scheduler here, and jobs that are submitted anew when they end, until the context does. Gives the scheduler's
    address. Raises FleetError when it cannot start or Slurm takes no job."""
    from dask_jobqueue.slurm import SLURMCluster

    quiet()
    place: dict[str, Any] = {"host": wanted.host} if wanted.host else {}
    try:
        cluster = SLURMCluster(
            **_job(course, wanted), protocol="tls://", security=security(make_keys(folder_of(course) / "tls")),
            scheduler_options={**place, "dashboard": False, "dashboard_address": "127.0.0.1:0", "port": 0},
            silence_logs="critical",
        )  # fmt: skip
    except Exception as error:
        raise FleetError(f"the fleet's scheduler does not start: {error}") from error
    try:
        cluster.adapt(minimum=wanted.workers, maximum=wanted.workers, interval="2s", wait_count=10**6)
        yield str(cluster.scheduler_address)
    finally:
        with contextlib.suppress(Exception):
            cluster.close(timeout=30)


def _job(course: Path, wanted: Wanted) -> dict[str, Any]:
    one_thread = [f"export {name}=1" for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")]
    return {
        "cores": wanted.cores,
        "processes": 1,
        "memory": wanted.memory,
        "walltime": wanted.walltime,
        "queue": wanted.partition or None,
        "account": wanted.account or None,
        "job_name": "seq2grade",
        "job_extra_directives": list(wanted.directives),
        "job_script_prologue": one_thread,
        "log_directory": str(folder_of(course) / "logs"),
        "local_directory": "/tmp",
        "death_timeout": _DEATH_SECONDS,
        "worker_extra_args": ["--no-dashboard"],
        "python": sys.executable,
    }
