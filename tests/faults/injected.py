"""`seq2grade` with faults: `python -m tests.faults.injected '[["is kept", 3, 9, "lock_gradebook"]]' grade submitted`

Each fault begins when its point is passed for the first number of times. It lasts for so many passings of any points as
the second number says, or to the end of the run.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import sys
import threading
from pathlib import Path
from typing import Any

from autograder import saving
from autograder.gradebook import store
from autograder.sandbox import client, scratch
from tests.faults.deeds import DEEDS, Place
from tests.faults.points import watch


def main(faults: list[tuple[str, int, int, str]], arguments: list[str]) -> None:
    """Patch, then run the command line."""
    # What a busy gradebook is waited for takes minutes in life.
    store._PATIENCE_SECONDS, store._BUSY_SECONDS, saving._PAUSE, saving._HURRIED, saving._LAST = 0.6, 0.2, 0.5, 0.5, 2.0
    started: list[client.Zygote] = []
    begin = client.Zygote.__init__

    def noted(self: client.Zygote, *args: Any, **more: Any) -> None:
        begin(self, *args, **more)
        started.append(self)

    client.Zygote.__init__ = noted  # type: ignore[method-assign]
    environment, make = client._environment, scratch.make
    # Every process of this run bears its name, and every folder is written down: what is left can be told.
    client._environment = lambda *args: environment(*args) | {"SEQ2GRADE_RUN": os.environ["TMPDIR"]}
    names = os.open(os.environ["SEQ2GRADE_NAMES"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def made(*args: Any, **more: Any) -> tuple[str, int]:
        found = make(*args, **more)
        with contextlib.suppress(OSError):  # a full disk
            os.write(names, f"{os.path.basename(found[0])}\n".encode())
        return found

    scratch.make = made

    def warm() -> int:
        process = started[-1]._process if started else None
        return process.pid if process is not None else 0

    place = Place(Path.cwd(), Path(os.environ["TMPDIR"]), warm)
    under_way: dict[str, contextlib.ExitStack] = {}
    ends: dict[str, int] = {}
    lock = threading.Lock()
    passings = 0

    def act(point: str, number: int) -> None:
        nonlocal passings
        with lock:
            passings += 1
            for deed in [deed for deed, end in ends.items() if end <= passings]:
                del ends[deed]
                under_way.pop(deed).close()
            for where, first, lasting, deed in faults:
                if (where, first) == (point, number) and deed not in under_way:
                    under_way[deed], ends[deed] = contextlib.ExitStack(), passings + lasting
                    with contextlib.suppress(OSError, sqlite3.Error):  # another fault is in its way
                        under_way[deed].enter_context(DEEDS[deed](place))

    watch(act)
    from autograder import cli

    sys.argv = ["seq2grade", *arguments]
    try:
        cli.main()
    finally:
        for stack in under_way.values():
            stack.close()


if __name__ == "__main__":
    main([tuple(fault) for fault in json.loads(sys.argv[1])], sys.argv[2:])
