"""Runs a notebook from top to bottom as the grader does: a fresh kernel, limits, only the files that are handed in."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seq2kit.graded_kernel import environment
from seq2kit.homework import Homework, name_of, source_of
from seq2kit.ready import INSTALL

OK, ERROR, TIMEOUT, DIED, NOT_RUN = "ok", "error", "timeout", "died", "not run"
WHOLE = 16  # a notebook may print as much as so many cells; a test holds it against the grader's
Progress = Callable[[int, int], None]  # cells done so far, cells in all
_GRACE = 5.0  # how long a cell that was interrupted may take to stop
# What the grader has in memory before a notebook starts, and what it costs seconds to import.
_WARM = {"torch": r"torch|seq2kit", "matplotlib.pyplot": r"matplotlib|seq2kit", "transformers": r"transformers|_models"}
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class NoKernel(RuntimeError):
    """Nothing can be run here; the message says what to install."""


@dataclass(frozen=True)
class Ran:
    """One code cell after the run. `place` counts all cells from 0; `message` is the last line of what went wrong."""

    place: int
    name: str
    status: str
    message: str = ""
    seconds: float = 0.0
    printed: int = 0


def run(homework: Homework, files: Mapping[str, bytes], progress: Progress | None = None) -> list[Ran]:
    """Every code cell, in order, with nothing in its folder but `files` (relative name -> content).

    A cell that raises, or takes too long, does not stop those after it. Raises NoKernel."""
    try:
        import ipykernel  # noqa: F401
        import nbclient
    except ImportError as error:
        raise NoKernel(f"{error.name} is missing: run  {INSTALL}  and try again.") from error
    del nbclient
    with tempfile.TemporaryDirectory(prefix="seq2kit-", ignore_cleanup_errors=True) as place:
        work = Path(place, "work")
        work.mkdir()
        for name, content in files.items():
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            (work / name).write_bytes(content)
        text = "\n".join(source_of(cell) for cell in homework.cells if cell["cell_type"] == "code")
        warm = ",".join(name for name, needed in _WARM.items() if re.search(needed, text))
        memory = int(homework.limits.get("memory_mb", 0))
        settings = environment(os.environ, str(Path(place, "ipython")), memory, warm)
        try:
            return asyncio.run(_run(homework, work, settings, progress))
        except (RuntimeError, OSError) as error:
            raise NoKernel(f"No kernel can be started here: {error}") from error


async def _run(homework: Homework, work: Path, settings: dict[str, str], progress: Progress | None) -> list[Ran]:
    import nbformat
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    notebook = nbformat.from_dict({**homework.notebook, "cells": [_fresh(cell) for cell in homework.cells]})
    manager = AsyncKernelManager()
    argv = [sys.executable, "-m", "seq2kit.graded_kernel", "-f", "{connection_file}"]
    manager._kernel_spec = KernelSpec(argv=argv, display_name="Python 3", language="python")
    client = NotebookClient(
        notebook,
        km=manager,
        allow_errors=True,
        interrupt_on_timeout=True,
        store_widget_state=False,
        log=logging.Logger("seq2kit.check", logging.CRITICAL + 1),
        startup_timeout=120,
    )
    code = [
        (place, cell) for place, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.source.strip()
    ]
    done: list[Ran] = []
    each = homework.limits.get("cell_seconds", 60.0)
    async with client.async_setup_kernel(cleanup_kc=True, cwd=str(work), env=settings):
        deadline = time.monotonic() + homework.limits.get("total_seconds", 600.0)
        for number, (place, cell) in enumerate(code):
            if progress is not None:
                progress(number, len(code))
            left = min(each, deadline - time.monotonic())
            if left <= 0 or (done and done[-1].status == DIED):
                break
            done.append(await _run_cell(client, cell, place, left))
    why = "the process had ended" if done and done[-1].status == DIED else "the notebook as a whole took too long"
    return done + [Ran(place, name_of(cell), NOT_RUN, why) for place, cell in code[len(done) :]]


async def _run_cell(client: Any, cell: Any, place: int, seconds: float) -> Ran:
    from nbclient.exceptions import DeadKernelError

    client.timeout_func = lambda cell: seconds
    begin = time.monotonic()
    try:
        await asyncio.wait_for(client.async_execute_cell(cell, place), seconds + _GRACE)
    except (DeadKernelError, asyncio.TimeoutError) as error:
        stubborn = not isinstance(error, DeadKernelError)
        why = (
            "it ran past the time limit and ignored the request to stop"
            if stubborn
            else ("the process ended here: an exit call, a crash, or more memory than there is")
        )
        return Ran(place, name_of(cell), DIED, why, time.monotonic() - begin)
    took = time.monotonic() - begin
    printed = sum(_size(output) for output in cell.outputs)
    raised = next((output for output in cell.outputs if output.output_type == "error"), None)
    if raised is None:
        return Ran(place, name_of(cell), OK, "", took, printed)
    if took >= seconds and raised.ename == "KeyboardInterrupt":
        return Ran(place, name_of(cell), TIMEOUT, f"stopped after {seconds:.0f} s", took, printed)
    return Ran(place, name_of(cell), ERROR, _last_line(raised), took, printed)


def _size(output: Any) -> int:
    """How much an output counts for: its characters, and of a picture the bytes that they stand for."""
    shown = [(kind, str(value)) for kind, value in output.get("data", {}).items()]
    pictures = sum(len(text) * 3 // 4 for kind, text in shown if kind.startswith("image/"))
    return len(output.get("text", "")) + pictures + sum(len(text) for kind, text in shown if "image/" not in kind)


def _last_line(raised: Any) -> str:
    text = _COLOUR.sub("", str(raised.evalue)).strip()
    return f"{raised.ename}: {text}"[:500] if text else str(raised.ename)


def _fresh(cell: Mapping[str, Any]) -> dict[str, Any]:
    """A cell without what an earlier run left, and without tags that change a run."""
    metadata = {"nbgrader": cell["metadata"]["nbgrader"]} if name_of(cell) else {}
    kept = {"cell_type": cell["cell_type"], "metadata": metadata, "source": source_of(cell)}
    if "id" in cell:
        kept["id"] = cell["id"]
    return kept | ({"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {})
