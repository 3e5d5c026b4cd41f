"""Linux's own table of system calls, from its headers. syscall_table.txt beside this file was made with

    python -m tests.sandbox.syscall_table > tests/sandbox/syscall_table.txt

from those of Debian's linux-libc-dev (6.1). aarch64 takes its numbers from asm-generic.
"""

from __future__ import annotations

import re
from pathlib import Path

HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
TABLE = Path(__file__).with_suffix(".txt")
Numbers = dict[str, int]


def defined(text: str) -> Numbers:
    """Name -> number, as a header has it."""
    found = re.findall(r"^#define __NR_(\w+)\s+(\d+)\s*$", text, re.MULTILINE)
    return {name: int(number) for name, number in found if name not in ("syscalls", "arch_specific_syscall")}


def headers() -> dict[str, Numbers]:
    """Machine -> numbers, for the headers that are installed here."""
    return {machine: defined(path.read_text(encoding="utf-8")) for machine, path in HEADERS.items() if path.is_file()}


def kept() -> dict[str, Numbers]:
    """The table that was made with this."""
    rows = [line.split() for line in TABLE.read_text(encoding="utf-8").splitlines()]
    return {machine: {name: int(row[n]) for name, *row in rows if row[n] != "-"} for n, machine in enumerate(HEADERS)}


def main() -> None:
    """Print name, number on x86_64, number on aarch64."""
    tables = [headers()[machine] for machine in HEADERS]
    for name in sorted(set().union(*tables)):
        print(name, *(table.get(name, "-") for table in tables))


if __name__ == "__main__":
    main()
