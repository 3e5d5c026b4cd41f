"""Memory of the warm process put together in large pages, so that a fork copies a short page table.

glibc's malloc asks for large pages where it is told to; Python's own allocator does not, nor do libraries for their
variables. Linux 6.1 and later put together what is there already (MADV_COLLAPSE, see madvise(2)), where the machine has
large pages at all. In a fork, one that is written to falls apart again, for that fork alone, and 4 KB of it are copied
as usual.
"""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Iterator
from pathlib import Path

_LARGE = 2**21
_MADV_COLLAPSE = 25


def collapse() -> int:
    """Put this process's private memory together; returns how many large pages it is in then, of those asked for: 0
    where the machine does not do it. Takes some tenths of a second for a few hundred megabytes."""
    with contextlib.suppress(OSError, AttributeError, ValueError):
        madvise = ctypes.CDLL(None).madvise
        madvise.argtypes = [ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int]
        return sum(madvise(place, _LARGE, _MADV_COLLAPSE) == 0 for place in _whole())
    return 0


def _whole() -> Iterator[int]:
    """Where large pages may begin: in memory of no file, that is private and can be written to."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        place, rights, *_, inode = line.split(maxsplit=5)[:5]
        if rights.startswith("rw") and rights.endswith("p") and inode == "0":
            begin, end = (int(number, 16) for number in place.split("-"))
            yield from range(-(-begin // _LARGE) * _LARGE, end - _LARGE + 1, _LARGE)
