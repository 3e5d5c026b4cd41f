"""What the processes of one submission use, read through a /proc that was opened before the root changed."""

from __future__ import annotations

import contextlib
import os
import stat

from autograder.processes import Machine
from autograder.sandbox import trees

_RESIDENT, _PAGE = 21, os.sysconf("SC_PAGE_SIZE")
_FILE_COST = 4096  # bytes that a file or folder counts for at least: many empty ones fill a disk too


class Processes(Machine):
    """Every descendant of the process that made this. Whoever is forked must close `proc` before student code runs:
    it shows the whole machine."""

    def __init__(self) -> None:
        super().__init__()
        self.warm = self._anonymous(os.getpid())

    def pids(self) -> list[int]:
        """Every process below the calling one."""
        return self.below(os.getpid())

    def memory(self) -> int:
        """Bytes of memory beyond what the warm process had brought along.

        A page that n processes share counts 1/n for each, so that no amount of forking hides it; all shares of
        the warm pages together are at most the size of the warm process, which is taken off."""
        return max(0, sum(map(self._memory, self.pids())) - self.warm)

    def _memory(self, pid: int) -> int:
        try:
            lines = self.read(pid, "smaps_rollup").splitlines()
            kinds = ("Pss_Anon:", "Pss_Shmem:")
            found = [int(line.split()[1]) * 1024 for line in lines if line.startswith(kinds)]
            if found:
                return sum(found)
        except (OSError, ValueError, IndexError):  # it closed itself to a look (PR_SET_DUMPABLE), or it is gone
            pass
        with contextlib.suppress(OSError, ValueError, IndexError):
            return int(self.stat(pid)[_RESIDENT]) * _PAGE  # everybody may see this; all of it is counted
        return 0

    def unlinked(self) -> int:
        """Bytes of files that have no name any more but are held open, which no look at a folder shows."""
        held: dict[tuple[int, int], int] = {}
        for pid in self.pids():
            with contextlib.suppress(OSError):
                folder = os.open(f"{pid}/fd", os.O_RDONLY | os.O_DIRECTORY, dir_fd=self.proc)
                try:
                    numbers = os.listdir(folder)
                finally:
                    os.close(folder)
                for number in numbers:
                    with contextlib.suppress(OSError):
                        found = os.stat(f"{pid}/fd/{number}", dir_fd=self.proc)
                        if stat.S_ISREG(found.st_mode) and not found.st_nlink:
                            held[found.st_dev, found.st_ino] = found.st_blocks * 512
        return sum(held.values())

    def since(self) -> dict[int, str]:
        """Every process below the calling one that still runs code, and when it started (a number of a process may
        come again)."""
        found = {}
        for pid in self.pids():
            with contextlib.suppress(OSError, IndexError):
                fields = self.stat(pid)
                if fields[0] not in "ZX":  # ended, and only waits to be reaped
                    found[pid] = fields[19]
        return found

    def cpu_seconds(self) -> float:
        """CPU seconds so far of every process and of its reaped children (a killed namespace reports none)."""
        ticks = 0
        for pid in self.pids():
            with contextlib.suppress(OSError, ValueError, IndexError):
                ticks += sum(int(field) for field in self.stat(pid)[11:15])
        return ticks / os.sysconf("SC_CLK_TCK")

    def _anonymous(self, pid: int) -> int:
        for line in self.read(pid, "status").splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024
        return 0


def disk(*folders: str, uid: int | None = None) -> int:
    """Bytes that the files below these folders take on disk, and what belongs to `uid` where everybody may write;
    links are not followed."""
    total = sum(map(_below, folders))
    for path in left_by(uid):
        with contextlib.suppress(OSError):
            total += _size(os.lstat(path)) + _below(path)
    return total


def left_by(uid: int | None) -> list[str]:
    """What a submission's own user has at the top of the folders that everybody may write to."""
    found = []
    for folder in trees.open_to_all() if uid is not None else ():
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    if entry.stat(follow_symlinks=False).st_uid == uid:
                        found.append(entry.path)
    return found


def _below(folder: str) -> int:
    return sum(map(_size, trees.below(folder)))


def _size(state: os.stat_result) -> int:
    return max(_FILE_COST, state.st_blocks * 512)
