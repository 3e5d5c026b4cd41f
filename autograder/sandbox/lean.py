"""What an ordinary kernel does at its start and over its first error, and a graded one does not need, or finds done."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import sys
from collections.abc import Iterator
from types import ModuleType, TracebackType
from typing import Any


class _FewModules(ModuleType):
    """`sys` with an empty list of modules, for ipykernel's eyes alone."""

    modules: dict[str, ModuleType] = {}  # noqa: RUF012 - the form of sys.modules

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)


@contextlib.contextmanager
def no_modules_to_step_over() -> Iterator[None]:
    """A kernel lists the files of all modules, for its debugger. In a fork that is a page copied for each module."""
    kernel: Any = importlib.import_module("ipykernel.ipkernel")
    kernel.sys = _FewModules("sys")
    try:
        yield
    finally:
        kernel.sys = sys


def forget_debugger() -> None:
    """Nobody debugs a graded kernel, which would import debugpy afresh in each fork. As where it is not installed."""
    had = "debugpy" in sys.modules
    if not had:
        sys.modules["debugpy"] = None  # type: ignore[assignment]
    try:
        importlib.import_module("ipykernel.debugger")
    finally:
        if not had:
            del sys.modules["debugpy"]


def know_backends() -> None:
    """matplotlib (3.9 on) reads the metadata of all packages when it is first asked for a backend by name."""
    with contextlib.suppress(ImportError, AttributeError):
        from matplotlib.backends.registry import backend_registry

        backend_registry.resolve_backend("inline")  # type: ignore[no-untyped-call]


def know_files() -> None:
    """Whoever shows an error asks `inspect` which module a frame belongs to; it looks up the files of all, once."""
    with contextlib.suppress(Exception):
        inspect.getmodule(compile("", "<of no module>", "exec"))


def cells_are_main(traceback: TracebackType | None, namespace: dict[str, Any]) -> None:
    """The frames of cells, whose names are no files, belong to the notebook: `inspect` would look at all modules for
    each of them, in a fork a page copied for each module, and find none."""
    known: dict[str, str] = getattr(inspect, "modulesbyfile", {})
    while traceback is not None:
        frame, traceback = traceback.tb_frame, traceback.tb_next
        if frame.f_globals is namespace:
            known.setdefault(frame.f_code.co_filename, "__main__")
