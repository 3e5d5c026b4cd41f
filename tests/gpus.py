"""The path that CUDA takes, on a machine that has none: a program that says what nvidia-smi says of GPUs, and the warm
process of a course for them. All but the GPU itself is what runs where there is one."""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.sandbox.client import Zygote


class Machine:
    """GPUs as nvidia-smi shows them: `uuids`, which no other test has, and the processes that hold their memory."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder = folder
        self.uuids = [f"GPU-{uuid.uuid4()}" for _ in range(count)]
        self.list("".join(f"GPU {n}: NVIDIA H200 (UUID: {name})\n" for n, name in enumerate(self.uuids)))
        self.hold()
        smi = folder / "nvidia-smi"
        smi.write_text(f'#!/bin/sh\ncase "$1" in\n-L) cat {folder}/list ;;\n*) cat {folder}/apps ;;\nesac\n')
        smi.chmod(0o755)

    def list(self, text: str) -> None:
        """What `nvidia-smi -L` prints."""
        (self.folder / "list").write_text(text)

    def hold(self, *processes: tuple[int, int]) -> None:
        """Each process, by its number, holds so many MB of the first GPU."""
        rows = "".join(f"{self.uuids[0]}, {pid}, {size}\n" for pid, size in processes)
        (self.folder / "apps").write_text(rows)


@contextlib.contextmanager
def machine(folder: Path, count: int = 1) -> Iterator[Machine]:
    """Inside, nvidia-smi shows so many GPUs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
        patch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
        yield Machine(folder, count)


@contextlib.contextmanager
def warm_for_cuda(
    backend: str, folder: Path, count: int = 1, secret: tuple[str, ...] = ()
) -> Iterator[tuple[Zygote, Machine]]:
    """A warm process whose submissions get a GPU each, and whose checks are served without forks; and its machine."""
    with machine(folder, count) as there, Zygote(backend, "cuda", secret=secret, modules=()) as zygote:
        assert zygote.slices is not None
        assert len(zygote.slices.slices) == count
        zygote.start()
        yield zygote, there
