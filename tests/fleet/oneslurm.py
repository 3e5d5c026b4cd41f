"""A Slurm of one node, on this machine: installed where apt can, configured in a folder of its own, ended afterwards.

Debian's slurm-wlm and munge, on ports that are free, with a key made for it: nothing of a Slurm that may be installed
here is touched. Only root can start it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

_PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch")
_CONFIG = """\
ClusterName=seq2grade
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmctldPort={control}
SlurmdPort={node}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CryptoType=crypto/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
MpiDefault=none
ReturnToService=2
SlurmdTimeout=300
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory=16000 State=UNKNOWN
PartitionName=short Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def install() -> None:
    """What is missing, by apt. Raises CalledProcessError where that cannot be."""
    if not all(map(shutil.which, _PROGRAMS)):
        quiet = {"DEBIAN_FRONTEND": "noninteractive", **os.environ}
        subprocess.run(["apt-get", "update", "-qq"], check=True, env=quiet)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "slurm-wlm", "munge"]
        subprocess.run(install, check=True, env=quiet, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def running(folder: Path, cpus: int) -> Iterator[dict[str, str]]:
    """A Slurm that has `cpus` processors to give away. Gives the environment in which its commands find it. `folder`
    has a short path, since sockets lie in it."""
    host = socket.gethostname().partition(".")[0]
    for name in ("state", "spool"):
        (folder / name).mkdir(parents=True)
    folder.chmod(0o755)
    (folder / "munge.key").write_bytes(os.urandom(1024))
    (folder / "munge.key").chmod(0o400)
    control, node = _free_port(), _free_port()
    config = folder / "slurm.conf"
    config.write_text(_CONFIG.format(host=host, control=control, node=node, folder=folder, cpus=cpus))
    env = {**os.environ, "SLURM_CONF": str(config)}
    munge = [f"--{what}={folder / f'munge.{end}'}" for what, end in
             (("socket", "socket"), ("key-file", "key"), ("pid-file", "pid"), ("log-file", "log"),
              ("seed-file", "seed"))]  # fmt: skip
    with contextlib.ExitStack() as stack:
        for command in (["munged", "--foreground", "--force", *munge], ["slurmctld", "-D"], ["slurmd", "-D"]):
            out = stack.enter_context((folder / f"{command[0]}.out").open("wb"))
            process = subprocess.Popen(command, env=env, stdout=out, stderr=subprocess.STDOUT)
            stack.callback(_end, process)
            time.sleep(1.0)
        _wait_until_idle(env)
        yield env


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _wait_until_idle(env: dict[str, str]) -> None:
    deadline = time.monotonic() + 120
    while True:
        told = subprocess.run(["sinfo", "-h", "-o", "%t"], env=env, text=True, capture_output=True)
        if told.stdout.strip() == "idle":
            return
        if time.monotonic() > deadline:
            raise RuntimeError(f"Slurm's node does not come up: {told.stdout} {told.stderr}")
        time.sleep(0.5)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def jobs(env: dict[str, str]) -> list[str]:
    """The numbers of the jobs that run."""
    told = subprocess.run(["squeue", "-h", "-t", "R", "-o", "%i"], env=env, text=True, capture_output=True, check=True)
    return sorted(told.stdout.split(), key=int)
