"""What an ordinary kernel does at its start and a graded one does not need: two thirds of the time of a start."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Iterator
from types import ModuleType
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
