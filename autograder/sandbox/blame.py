"""Which cells of a notebook to leave out because they end its process, and when that is nobody's fault but ours.

A kill can come from outside (the machine is short of memory) or from the notebook, and nothing tells them apart. At the
same cell twice it is that cell's doing. At ever other cells it is the machine's if others were killed as well; if not,
those cells are left out, each one at which it happens from then on, and a person is asked to look.

Decides only; the session runs the notebook.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import nbformat

from autograder.errors import SandboxError
from autograder.model import CellRun

_LOSSES = 3  # how often in a row a notebook is run again when its process was lost and no cell is known to have done it
_ALIKE = 3  # after so many cells that ended the process, others with the same code are left out unseen
_MOST = 100  # after so many, what is known to run is run for the last time
_MEMORY, _RECENT = 1_000, 600.0  # notebooks and seconds that count as lately
_VICTIMS, _SHARE = 2, 1 / 3  # so many others killed lately, and of all others such a part: then it is the machine
_NOT_TRIED = "not run: too many cells before it ended the notebook's process"


@dataclass
class Toll:
    """Which notebooks were killed lately, of all that ran on the same machine. Safe to use from several threads."""

    _ran: deque[tuple[float, str, bool]] = field(default_factory=lambda: deque(maxlen=_MEMORY), repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def count(self, notebook: str, killed: bool) -> None:
        """A run of this notebook has ended."""
        with self._lock:
            self._ran.append((time.monotonic(), notebook, killed))

    def spares_others(self, notebook: str) -> bool:
        """Whether hardly any other notebook was killed lately."""
        with self._lock:
            lately = [run for run in self._ran if run[0] > time.monotonic() - _RECENT and run[1] != notebook]
        others = {other for _, other, _ in lately}
        victims = {other for _, other, killed in lately if killed}
        return len(victims) < max(_VICTIMS, _SHARE * len(others))


class Blame:
    """What is known after each run of the same notebook. Cells go by their place in it. `alone()`: whether others are
    not killed as this one is."""

    def __init__(self, cells: Sequence[Any], alone: Callable[[], bool] = lambda: True) -> None:
        self._alone = alone
        self.doubtful = False  # cells were left out that may be innocent
        self.code = [place for place, cell in enumerate(cells) if cell["cell_type"] == "code"]
        self._sources = {place: str(cells[place]["source"]).strip() for place in self.code}
        self._graded = {place for place in self.code if cells[place].get("metadata", {}).get("nbgrader")}
        self.fatal: dict[int, CellRun] = {}
        self.suspects: set[int] = set()
        self.losses = self.deaths = 0
        self._passed = -1  # everything up to here has run or is left out
        self._finals: list[set[int]] | None = None  # what the last runs leave out besides, once it comes to that
        self._last: set[int] = set()

    def skipped(self) -> frozenset[int]:
        """What the next run leaves out."""
        return frozenset(self.fatal) | frozenset(self._last)

    def lose(self, error: Exception) -> None:
        """A run was lost through no fault of the notebook's. Raises `error` when that has happened too often."""
        self.losses += 1
        if self.losses > _LOSSES:
            raise error

    def take(self, cells: Sequence[CellRun], died: str, killed: bool) -> bool:
        """A run ended with its process. Whether a cell is known to have done that: a signal may have come from outside,
        so one that was `killed` is known when it happens at the same cell twice, or at too many, to this notebook
        alone. Raises SandboxError when no cell can have done it, too often."""
        ran = [n for n, cell in enumerate(cells) if cell.status != "skipped" and self.code[n] not in self.skipped()]
        if not ran:
            self.lose(SandboxError(f"the sandboxed kernel was lost before a cell ran: {died}"))
            return False
        place = self.code[ran[-1]]
        if killed and place not in self.suspects and not self.doubtful:
            self.suspects.add(place)
            if self.losses < _LOSSES or not self._alone():
                self.lose(SandboxError(f"the notebook's process was killed again and again: {died}"))
                return False
            self.doubtful = True
            for suspect in self.suspects:
                self.fatal[suspect] = CellRun("", "died", 0.0, died)
        self.losses = 0
        self.deaths += 1
        self.fatal[place] = replace(cells[ran[-1]], status="died", error=died)
        self._passed = max(self._passed, place)
        if self.deaths >= _ALIKE:
            self._leave_out_alike(place, died)
        return True

    def _leave_out_alike(self, place: int, died: str) -> None:
        for other in self.code:
            if other > place and other not in self.fatal and self._sources[other] == self._sources[place]:
                self.fatal[other] = replace(self.fatal[place], cell="", seconds=0.0, error=died)

    def goes_on(self, spent: float, limit: float) -> bool:
        """Whether to run once more. When cells have ended the process too often or for too long, the last runs leave
        out what was never tried: first the student's own cells, then all."""
        if self._finals is None and (self.deaths >= _MOST or spent > limit):
            untried = {place for place in self.code if place > self._passed} - set(self.fatal)
            self._finals = [untried, untried - self._graded]
        if self._finals is None:
            return True
        if not self._finals:
            return False
        self._last = self._finals.pop()
        return True

    def told(self, notebook: Any, cells: Sequence[CellRun]) -> tuple[CellRun, ...]:
        """What happened to each cell over all runs; the notebook says so where a cell was left out."""
        told = []
        for place, cell in zip(self.code, cells, strict=True):
            if place in self.fatal:
                cell = replace(self.fatal[place], cell=cell.cell)
                _say_left_out(notebook, place, cell.error)
            elif place in self._last:
                cell = replace(cell, error=_NOT_TRIED)
            told.append(cell)
        return tuple(told)


def _say_left_out(notebook: Any, place: int, why: str) -> None:
    """Leave a visible trace in the executed notebook."""
    text = f"[this cell was left out, and the notebook run again without it: {why}]\n"
    notebook.cells[place].outputs = [nbformat.v4.new_output("stream", name="stderr", text=text)]
