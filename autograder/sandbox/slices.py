"""GPUs and MIG slices: which there are, one for each submission at a time, and who else is on one.

A slice is held by a lock on a file, so that two graders on one machine do not share it either; the kernel lets go of a
lock when its holder dies. What nvidia-smi and /proc/driver/nvidia say is read, and nothing of a GPU is set.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import SandboxError
from autograder.sandbox.usage import Processes

_GPU = re.compile(r"^GPU (\d+): .*\(UUID: (GPU-[0-9a-f-]+)\)")
_MIG = re.compile(r"^\s+MIG .*\(UUID: (MIG-[^)\s]+)\)")
_WAIT = 0.1  # seconds between two looks for a slice that is free
_SMI_SECONDS = 20.0


@dataclass(frozen=True)
class Slice:
    """`name` as CUDA_VISIBLE_DEVICES takes it; `nodes`: device files that belong to it alone, () where nobody knows;
    `gpu`: the UUID of the GPU that it is, "" for a part of one or where nobody knows."""

    name: str
    nodes: tuple[str, ...] = ()
    gpu: str = ""


def find_slices(visible: str | None = None, root: Path = Path("/")) -> tuple[Slice, ...]:
    """The slices of this machine: each MIG instance, and each GPU that is not cut into such. `visible`: what
    CUDA_VISIBLE_DEVICES leaves of them. Where nvidia-smi does not tell, one that is called as the first GPU is."""
    found = tuple(_listed(_smi("-L"), root))
    if visible is None:
        return found or (Slice("0"),)
    names = [name.strip() for name in visible.split(",") if name.strip()]
    known = {one.name: one for one in found}
    return tuple(known.get(name, Slice(name)) for name in names) or (Slice("0"),)


def _listed(text: str, root: Path) -> Iterator[Slice]:
    """The slices in what `nvidia-smi -L` prints: a line for each GPU, and below it one for each of its instances."""
    nodes: tuple[str, ...] = ()
    gpu, cut = "", False
    for line in [*text.splitlines(), "GPU"]:
        if line.startswith("GPU"):
            if gpu and not cut:
                yield Slice(gpu, nodes, gpu)
            found = _GPU.match(line)
            gpu, nodes, cut = (found[2], _nodes(found[2], root), False) if found else ("", (), False)
        elif gpu and (part := _MIG.match(line)):
            cut = True
            yield Slice(part[1], nodes)


def _nodes(gpu: str, root: Path) -> tuple[str, ...]:
    """The device files of one GPU, those of its instances included: the driver asks for them in /dev/nvidia-caps."""
    for told in sorted((root / "proc/driver/nvidia/gpus").glob("*/information")):
        fields = dict(re.findall(r"^([\w ]+):\s*(.*\S)\s*$", told.read_text(encoding="utf-8"), re.MULTILINE))
        if fields.get("GPU UUID") == gpu and (minor := fields.get("Device Minor", "")).isdigit():
            capabilities = root / f"proc/driver/nvidia/capabilities/gpu{minor}/mig"
            caps = [path.read_text(encoding="utf-8") for path in sorted(capabilities.glob("gi*/**/access"))]
            numbers = [found[1] for text in caps if (found := re.search(r"DeviceFileMinor:\s*(\d+)", text))]
            return (f"/dev/nvidia{minor}", *(f"/dev/nvidia-caps/nvidia-cap{number}" for number in numbers))
    return ()


def _smi(*arguments: str) -> str:
    """What nvidia-smi says; nothing where there is none, or it fails."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(
            ["nvidia-smi", *arguments], capture_output=True, text=True, timeout=_SMI_SECONDS, check=True,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return done.stdout
    return ""


def held_by_others(one: Slice) -> int:
    """MB of a GPU's memory that processes hold which this one did not start. 0 where nobody tells; for a part of a GPU,
    too, whose memory no other part can take."""
    lines = _smi("--query-compute-apps=gpu_uuid,pid,used_memory", "--format=csv,noheader,nounits") if one.gpu else ""
    if not lines:
        return 0
    mine = Processes()
    try:
        ours = {os.getpid(), *mine.pids()}
    finally:
        mine.close()
    rows = [[field.strip() for field in line.split(",")] for line in lines.splitlines()]
    rows = [row for row in rows if len(row) == 3 and row[0] == one.gpu and row[1].isdigit() and row[2].isdigit()]
    return sum(int(size) for _, pid, size in rows if int(pid) not in ours)


class Slices:
    """The slices that one grader gives to its submissions. Safe to use from several threads."""

    def __init__(self, slices: Sequence[Slice]) -> None:
        self.slices = tuple(slices)
        self._held: set[str] = set()
        self._lock = threading.Lock()

    def take(self, given_up: Callable[[], bool]) -> tuple[Slice, int]:
        """A slice that nobody has, and the descriptor that holds it; waits until there is one. Raises SandboxError when
        nobody wants it any more (`given_up`), or locks cannot be had."""
        while not given_up():
            for one in self.slices:
                with self._lock:
                    if one.name in self._held:
                        continue
                    held = _locked(one)
                    if held >= 0:
                        self._held.add(one.name)
                        return one, held
            time.sleep(_WAIT)
        raise SandboxError("grading was stopped while a GPU was awaited")

    def give_back(self, one: Slice, held: int) -> None:
        """The next one may have it."""
        with self._lock:
            os.close(held)
            self._held.discard(one.name)


def _locked(one: Slice) -> int:
    """A descriptor with the lock of this slice; -1 while somebody else has it. Raises SandboxError."""
    digest = hashlib.sha256(one.name.encode()).hexdigest()[:16]
    path = os.path.join(tempfile.gettempdir(), f"seq2grade-gpu-{digest}")
    try:
        try:
            found = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            found = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o444)
    except OSError as error:
        raise SandboxError(f"no lock for GPU {one.name}: {path}: {error.strerror}") from error
    try:
        fcntl.flock(found, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(found)
        return -1
    except OSError:  # a disk without locks: within this grader each has its own all the same
        pass
    return found
