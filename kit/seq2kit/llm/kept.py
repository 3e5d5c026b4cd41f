"""Where a model that is slow to unpack is kept, so that the second time it is loaded in a second."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path


def cache_folder() -> Path:
    """SEQ2KIT_CACHE where it is set, else seq2kit in the user's cache folder (XDG_CACHE_HOME, ~/.cache)."""
    if told := os.environ.get("SEQ2KIT_CACHE"):
        return Path(told)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "seq2kit"


def kept(name: str, write: Callable[[Path], None]) -> Path | None:
    """The folder called `name` in the cache, made by `write(folder)` where it is missing.

    It appears whole or not at all: two processes at once both write, and the second one's is thrown away. None where
    it can neither be found nor written (no home, a full or read-only disk): then go on without it."""
    try:
        place = cache_folder() / name
        if place.is_dir():
            return place
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{name}.", dir=place.parent))
    except (OSError, RuntimeError):  # RuntimeError: nobody's home folder
        return None
    try:
        write(fresh)
        for path in (fresh, *fresh.rglob("*")):  # made for their owner alone, but a cache may be for several users
            path.chmod(0o755 if path.is_dir() else 0o644)
        with contextlib.suppress(OSError):  # another process was first
            fresh.rename(place)
    except OSError:
        return None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return place if place.is_dir() else None
