"""The warm process's memory is put together in large pages where the machine can do that; else nothing happens."""

from __future__ import annotations

import mmap
import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sandbox import hugepages

# A process of its own: it holds 64 MB in pieces that Python's allocator asked for.
_HOLDS = """
import re
from pathlib import Path
from autograder.sandbox.hugepages import collapse
kept = [[number] for number in range(700_000)]
def large():
    return int(re.search(r"AnonHugePages: *(\\d+) kB", Path("/proc/self/smaps_rollup").read_text()).group(1))
print(collapse(), large(), sum(one[0] for one in kept))
"""
SWITCH = Path("/sys/kernel/mm/transparent_hugepage/enabled")


def can_do_it() -> bool:
    """Whether this is Linux 6.1 or later, and its large pages are not turned off."""
    version = tuple(map(int, re.findall(r"\d+", platform.release())[:2]))
    return version >= (6, 1) and SWITCH.exists() and "[never]" not in SWITCH.read_text()


def test_memory_is_put_together_and_holds_what_it_held() -> None:
    """Python's own memory lies in large pages afterwards, as many as are told, unless this machine cannot do that."""
    done = subprocess.run([sys.executable, "-c", _HOLDS], check=True, capture_output=True, text=True)
    pages, kilobytes, total = map(int, done.stdout.split())
    assert total == 700_000 * 699_999 // 2
    assert kilobytes >= 2048 * pages / 2  # some may have been given back since
    assert pages > 0 or not can_do_it()


def test_only_private_memory_of_no_file_is_asked_for() -> None:
    """Of a file's pages, or of those that processes share, others would see what becomes of them."""
    with mmap.mmap(-1, 2 * hugepages._LARGE) as shared:  # shared by default
        shared[0] = 1
        places = set(hugepages._whole())
    maps = [line.split(maxsplit=5) for line in Path("/proc/self/maps").read_text().splitlines()]
    for line in maps:
        begin, end = (int(number, 16) for number in line[0].split("-"))
        if line[1][3] == "s" or line[4] != "0":
            assert not [one for one in places if begin <= one < end]
    assert all(one % hugepages._LARGE == 0 for one in places)


def test_a_machine_that_cannot_do_it_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """No C library with that call, or no /proc: nothing happens, and nothing is raised."""

    def none() -> None:
        raise OSError("no such file")

    monkeypatch.setattr(hugepages, "_whole", none)
    assert hugepages.collapse() == 0
