"""One submission's run as the zygote sees it: plain data that crosses as JSON."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field

from autograder.model import Limits

WORK = "/home/student"
SOCKETS = "/run/kernel"
CUDA_MB = 2048  # of the machine's memory that CUDA and its libraries take for themselves
PORTS = {"shell_port": 1, "iopub_port": 2, "stdin_port": 3, "control_port": 4, "hb_port": 5}


@dataclass(frozen=True)
class Job:
    """What to start. `scratch` is a host folder with `ipc/` (kernel sockets) and `files/` (the student's);
    `uid` is the user to become, or None to stay; `key` signs the kernel's messages; `secret` are files that the
    sandboxed process must find closed; `forks`: whether forks of the finished notebook serve checks, or its own process
    does; `gpu`: the one GPU, or slice of one, that it may use, as CUDA_VISIBLE_DEVICES names it."""

    name: str
    backend: str
    scratch: str
    key: str
    uid: int | None = None
    device: str = "cpu"
    limits: Limits = field(default_factory=Limits)
    secret: tuple[str, ...] = ()
    forks: bool = True
    gpu: str = ""

    def dump(self) -> bytes:
        """As JSON."""
        return json.dumps(asdict(self)).encode()

    @property
    def memory(self) -> int:
        """Bytes that all its processes may hold together, files in memory included."""
        return (self.limits.memory_mb + self.limits.disk_mb + (CUDA_MB if self.device == "cuda" else 0)) * 2**20

    @property
    def files(self) -> str:
        """The student's files on the machine's disk."""
        return os.path.join(self.scratch, "files")

    @property
    def given(self) -> str:
        """The course's files on the machine's disk, for backends that mount them into the work folder."""
        return os.path.join(self.scratch, "given")

    @property
    def temporary(self) -> str:
        """Where backends without a disk of their own send temporary files."""
        return os.path.join(self.scratch, "tmp")

    @staticmethod
    def load(data: bytes) -> Job:
        """From JSON."""
        fields = json.loads(data)
        return Job(**{**fields, "limits": Limits(**fields["limits"]), "secret": tuple(fields["secret"])})
