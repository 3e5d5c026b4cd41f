"""The processes of this machine, by what /proc says of them."""

from __future__ import annotations

import contextlib
import os


class Machine:
    """All processes, through a /proc that is opened now: it can still be read when the root has changed."""

    def __init__(self) -> None:
        self.proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)

    def close(self) -> None:
        """Let go of the machine's /proc."""
        os.close(self.proc)

    def below(self, pid: int) -> list[int]:
        """Every process below this one, by the parent links."""
        parent: dict[int, int] = {}
        self._find_parents([int(entry) for entry in os.listdir(self.proc) if entry.isdigit()], parent)
        # a parent that ended in the middle of the look has left its children to another one
        self._find_parents([pid for pid, above in parent.items() if above and above not in parent], parent)
        children: dict[int, list[int]] = {}
        for child, above in parent.items():
            children.setdefault(above, []).append(child)
        found, queue = [], [pid]
        while queue:
            some = children.get(queue.pop(), [])
            found += some
            queue += some
        return found

    def _find_parents(self, pids: list[int], parent: dict[int, int]) -> None:
        for pid in pids:
            with contextlib.suppress(OSError, ValueError, IndexError):
                parent[pid] = int(self.stat(pid)[1])

    def read(self, pid: int, name: str) -> str:
        """A file of a process's folder. Raises OSError."""
        fd = os.open(f"{pid}/{name}", os.O_RDONLY, dir_fd=self.proc)
        with open(fd, encoding="utf-8", errors="replace") as file:
            return file.read()

    def stat(self, pid: int) -> list[str]:
        """The fields of /proc/PID/stat after the command's name. Raises OSError."""
        return self.read(pid, "stat").rpartition(")")[2].split()
