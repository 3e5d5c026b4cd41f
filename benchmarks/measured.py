"""What a command takes: seconds of the clock and of the processors, and the most memory that its processes held."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_LOOK = 0.25  # seconds between two looks at memory
_REST = 50  # times as long as a look took is waited before the next one: a look at a dozen processes slows them all


@dataclass(frozen=True)
class Measured:
    """`cpu`: what the machine's processors did meanwhile, but for this process that measures; `pss_mb`: the most that
    all processes of the command held at once, each page that several share counted once."""

    wall: float
    cpu: float
    pss_mb: float
    output: str

    def __add__(self, other: Measured) -> Measured:
        """One after the other."""
        most = max(self.pss_mb, other.pss_mb)
        return Measured(self.wall + other.wall, self.cpu + other.cpu, most, self.output + other.output)


def measure(command: Sequence[str], folder: Path, environment: Mapping[str, str], closely: bool = False) -> Measured:
    """Run a command to its end. Memory is looked at seldom enough for the times to be right, or `closely`, which finds
    the most that is held and took two workers a tenth of their time. Raises SystemExit when the command fails."""
    before, begin = _busy(), time.monotonic()
    with subprocess.Popen(
        command, cwd=folder, env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as process, _watched(process.pid, 0 if closely else _REST) as most:  # fmt: skip
        output, _ = process.communicate()
    if process.returncode not in (0, 1):  # 1: some points are left open, or some submission has failed
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{output[-3000:]}")
    return Measured(time.monotonic() - begin, _busy() - before, max(most), output)


def _busy() -> float:
    """Seconds that the processors have worked, for others than this process. Asking for the children's would leave out
    those of a process that nobody waits for, and a sandbox has such."""
    user, nice, system, _, _, irq, softirq, *_ = map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:])
    own = resource.getrusage(resource.RUSAGE_SELF)
    ticks = user + nice + system + irq + softirq
    return ticks / os.sysconf("SC_CLK_TCK") - own.ru_utime - own.ru_stime


@contextlib.contextmanager
def _watched(pid: int, rest: float) -> Iterator[list[float]]:
    most, over = [0.0], threading.Event()

    def look() -> None:
        took = 0.0
        while not over.wait(max(_LOOK, rest * took)):
            begin = time.monotonic()
            most.append(sum(map(_pss, family(pid))))
            took = time.monotonic() - begin

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield most
    finally:
        over.set()
        watcher.join()


def family(pid: int) -> list[int]:
    """A process and all below it."""
    below: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            parent = int(Path("/proc", entry, "stat").read_text().rpartition(")")[2].split()[1])
            below.setdefault(parent, []).append(int(entry))
    found, queue = [pid], [pid]
    while queue:
        children = below.get(queue.pop(), [])
        found += children
        queue += children
    return found


def _pss(pid: int) -> float:
    """Megabytes; nothing where it has ended."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc", str(pid), "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0
