"""Is everything here that a notebook needs? Asked by its first cell: quickly, and without importing anything large."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from seq2kit import public_tests

INSTALL = 'pip install "seq2grade-kit[notebook]"'
_KIT = "seq2grade-kit"


class NotReady(ImportError):
    """Something that the notebook needs is missing or too old; the message says what to do."""


def numbers(text: str) -> tuple[int, ...]:
    """The release in a version: "2.13.0+cpu" -> (2, 13, 0), "2.6.0rc1" -> (2, 6, 0)."""
    found = re.match(r"\d+(?:\.\d+)*", text.strip())
    return tuple(map(int, found[0].split("."))) if found else ()


def check(install: str = INSTALL, **floors: str) -> None:
    """Print one line with the versions that are here. install: the command that brings what is missing; floors:
    package -> lowest version, `kit` for this one.

    Raises NotReady, which names every package that is missing or older."""
    here = {name: _version(_KIT if name == "kit" else name) for name in floors}
    wrong = [_wrong(name, floor, here[name]) for name, floor in floors.items() if not _enough(here[name], floor)]
    if wrong:
        command = install.replace("pip install ", "%pip install --upgrade ", 1)
        raise NotReady(f"{'; '.join(wrong)}. Run  {command}  in a cell, then restart the kernel.")
    public_tests.install()
    print("Ready:", ", ".join(f"{name} {found}" for name, found in here.items() if found))


def _version(name: str) -> str | None:
    """The installed version; "" where a package is there that tells none, None where there is no package."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "" if find_spec("seq2kit" if name == _KIT else name) is not None else None


def _enough(found: str | None, floor: str) -> bool:
    # A package that tells no version came some other way than pip; nothing is known against it.
    return found is not None and (not numbers(found) or numbers(found) >= numbers(floor))


def _wrong(name: str, floor: str, found: str | None) -> str:
    shown = _KIT if name == "kit" else name
    return f"{shown} is missing" if found is None else f"{shown} is {found}, and {floor} or newer is needed"
