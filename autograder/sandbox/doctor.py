"""`seq2grade doctor`: what this machine offers, what is missing, and what to do about it."""

from __future__ import annotations

import importlib
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import torch

from autograder.device import missing
from autograder.errors import SandboxError, SandboxUnavailable
from autograder.model import Limits
from autograder.sandbox import cgroup, seccomp
from autograder.sandbox.backends import BACKENDS
from autograder.sandbox.client import Zygote
from autograder.sandbox.secrets import is_course

_PACKAGES = ("torch", "numpy", "transformers", "nbgrader", "otter-grader", "ipykernel", "seq2grade-kit")


@dataclass(frozen=True)
class Finding:
    """One line: `level` is ok, note (works, but weaker) or missing (something cannot be done)."""

    name: str
    level: str
    text: str


def examine(sandbox: str = "auto") -> Iterator[Finding]:
    """Look at everything; the last finding starts a real sandbox."""
    yield Finding("python", "ok", f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    yield from _packages()
    yield from _models()
    yield from (_backend(name) for name in BACKENDS)
    yield _memory()
    yield _filter()
    yield _cuda()
    yield _disk()
    yield _trial(sandbox)


def _packages() -> Iterator[Finding]:
    for name in _PACKAGES:
        try:
            yield Finding(name, "ok", version(name))
        except PackageNotFoundError:
            yield Finding(name, "missing", f"not installed: {sys.executable} -m pip install {name}")


def _models() -> Iterator[Finding]:
    """The real models, which come as packages of their own. Without one its assignment shows runs of ours."""
    kit = importlib.import_module
    lacking = {
        "model minilm": kit("seq2kit.bert.packaged").missing("minilm"),
        "model smollm2": kit("seq2kit.llm.sources").missing(),
    }
    for name, how in lacking.items():
        yield Finding(name, "note" if how else "ok", how or "installed")


def _backend(name: str) -> Finding:
    backend = BACKENDS[name]
    lacking = backend.missing()
    if lacking:
        return Finding(f"sandbox {name}", "missing", "; ".join(lacking))
    if name == "none":
        return Finding(
            "sandbox none", "note", f"{backend.summary}: course, gradebook and other submissions, so for work you trust"
        )
    try:
        Zygote(name, secret=_course())  # started it is not; this looks at what lies open
    except SandboxUnavailable as error:
        return Finding(f"sandbox {name}", "missing", str(error).partition(": ")[2])
    promises = ", ".join(sorted(backend.isolates)) or "nothing"
    return Finding(f"sandbox {name}", "ok", f"{backend.summary}; isolates {promises}")


def _course() -> tuple[str, ...]:
    """The current folder, where it is a course."""
    here = os.getcwd()
    return (here,) if is_course(here) else ()


def _memory() -> Finding:
    kind = cgroup.available()
    if kind:
        return Finding("memory limit", "ok", f"cgroup {kind}: memory and processes of a submission together")
    return Finding(
        "memory limit",
        "note",
        "no writable cgroup: a limit per process, and a watch over their sum four times a second",
    )


def _filter() -> Finding:
    try:
        seccomp.build_filter(platform.machine())
    except KeyError:
        return Finding("system calls", "note", f"no filter table for {platform.machine()}")
    return Finding("system calls", "ok", "filtered (seccomp, built in)")


def _cuda() -> Finding:
    if torch.cuda.is_available():
        names = {torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())}
        return Finding("cuda", "ok", f"{torch.cuda.device_count()} device(s): {', '.join(sorted(names))}")
    return Finding("cuda", "note", f"{missing()}; --device auto grades on the CPU")


def _disk() -> Finding:
    base = tempfile.gettempdir()
    free = shutil.disk_usage(base).free
    level = "ok" if free > 2**30 else "missing"
    return Finding("scratch space", level, f"{free / 2**30:.1f} GB free in {base}")


def _trial(sandbox: str) -> Finding:
    """Start a sandbox for real, twice: cold (imports) and warm (a fork)."""
    begin = time.monotonic()
    try:
        with Zygote(sandbox, secret=_course()) as zygote:
            zygote.start()
            warm = time.monotonic()
            running = zygote.launch(Limits())
            try:
                running.wait_ready(60)
            finally:
                running.stop()
            done = time.monotonic()
            name = zygote.backend.name
    except SandboxError as error:
        return Finding("trial run", "missing", str(error))
    return Finding("trial run", "ok", f"{name}: {warm - begin:.1f} s to warm up, {done - warm:.2f} s per sandbox")
