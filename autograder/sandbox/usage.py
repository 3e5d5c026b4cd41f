"""What the processes of one submission use, read through a /proc that was opened before the root changed."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


class Processes:
    """Every descendant of the process that made this. Whoever is forked must close `proc` before student code runs:
    it shows the whole machine."""

    def __init__(self) -> None:
        self.proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
        self.warm = self._anonymous(os.getpid())

    def close(self) -> None:
        """Let go of the machine's /proc."""
        os.close(self.proc)

    def pids(self) -> list[int]:
        """Every process below the calling one, by the parent links in /proc."""
        parents: dict[int, list[int]] = {}
        for entry in os.listdir(self.proc):
            if entry.isdigit():
                with contextlib.suppress(OSError, ValueError, IndexError):
                    parents.setdefault(int(self._stat(int(entry))[1]), []).append(int(entry))
        found, queue = [], [os.getpid()]
        while queue:
            children = parents.get(queue.pop(), [])
            found += children
            queue += children
        return found

    def memory(self) -> int:
        """Bytes of memory beyond what the warm process had brought along.

        A page that n processes share counts 1/n for each, so that no amount of forking hides it; all shares of
        the warm pages together are at most the size of the warm process, which is taken off."""
        total = 0
        for pid in self.pids():
            with contextlib.suppress(OSError, ValueError):
                for line in self._read(pid, "smaps_rollup").splitlines():
                    if line.startswith(("Pss_Anon:", "Pss_Shmem:")):
                        total += int(line.split()[1]) * 1024
        return max(0, total - self.warm)

    def cpu_seconds(self) -> float:
        """CPU seconds so far of every process and of its reaped children (a killed namespace reports none)."""
        ticks = 0
        for pid in self.pids():
            with contextlib.suppress(OSError, ValueError, IndexError):
                ticks += sum(int(field) for field in self._stat(pid)[11:15])
        return ticks / os.sysconf("SC_CLK_TCK")

    def _read(self, pid: int, name: str) -> str:
        fd = os.open(f"{pid}/{name}", os.O_RDONLY, dir_fd=self.proc)
        with open(fd, encoding="utf-8", errors="replace") as file:
            return file.read()

    def _stat(self, pid: int) -> list[str]:
        """The fields of /proc/PID/stat after the command's name."""
        return self._read(pid, "stat").rpartition(")")[2].split()

    def _anonymous(self, pid: int) -> int:
        for line in self._read(pid, "status").splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024
        return 0


def disk(*folders: str) -> int:
    """Bytes that the files below these folders take on disk; links are not followed."""
    total = 0
    for folder in folders:
        for place, _, names in os.walk(folder):
            for name in names:
                with contextlib.suppress(OSError):
                    total += Path(place, name).lstat().st_blocks * 512
    return total
