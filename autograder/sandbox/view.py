"""What a sandboxed process may see of the machine: decided here, mounted elsewhere."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_ETC = (
    "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "timezone", "mime.types", "fonts", "alternatives",
    "ssl", "nsswitch.conf", "hosts", "protocols", "services", "os-release",
)  # fmt: skip
_DEVICES = ("null", "zero", "full", "random", "urandom")
_CUDA = ("nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia-modeset")


@dataclass(frozen=True)
class View:
    """`binds` read-only folders and files, `links` symlinks (path -> target), `devices` device files,
    `hidden` folders below a bind that are covered by an empty one, `python_path` for sys.path."""

    binds: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    devices: tuple[str, ...]
    hidden: tuple[str, ...]
    python_path: tuple[str, ...]

    def stands(self) -> bool:
        """Whether all that it shows is still there: sys.path of a process that lives for long may hold what goes."""
        return all(map(os.path.exists, self.binds))

    @staticmethod
    def load(fields: dict[str, Any]) -> View:
        """From JSON, which knows no tuples."""
        plain = {name: tuple(fields[name]) for name in ("binds", "devices", "hidden", "python_path")}
        return View(links=tuple((path, target) for path, target in fields["links"]), **plain)


def _below(path: str, folders: list[str]) -> bool:
    return any(path == f or path.startswith(f.rstrip("/") + "/") for f in folders)


def plan_view(secret: tuple[str, ...], libraries: tuple[str, ...], device: str = "cpu") -> View:
    """The view for this interpreter. `secret`: folders that must not be seen even if they lie below one that
    is shown (the course, the grader's own code); `libraries`: extra folders shown (the students' kit)."""
    links = tuple((p, os.readlink(p)) for p in _SYSTEM if os.path.islink(p))
    binds = [p for p in _SYSTEM if os.path.isdir(p) and not os.path.islink(p)]
    binds += [f"/etc/{name}" for name in _ETC if os.path.exists(f"/etc/{name}")]
    wanted = [sys.base_prefix, sys.prefix, sys.exec_prefix, *libraries]
    wanted += [p for p in sys.path if p and os.path.isdir(p) and not _covers(p, secret) and not _passing(p)]
    for folder in sorted({os.path.realpath(p) for p in wanted} | {os.path.abspath(p) for p in wanted}, key=len):
        if not _below(folder, binds) and not _covers(folder, secret):
            binds.append(folder)
    devices = [f"/dev/{name}" for name in _DEVICES if os.path.exists(f"/dev/{name}")]
    if device == "cuda":  # what all GPUs share; those of one are added for the submission that gets it
        devices += [f"/dev/{name}" for name in _CUDA if os.path.exists(f"/dev/{name}")]
        binds += [p for p in ("/sys", "/proc/driver/nvidia") if os.path.isdir(p)]
    hidden = tuple(p for p in map(os.path.realpath, secret) if _below(p, binds) and os.path.isdir(p))
    shown = [p for p in (*sys.path, *libraries) if p and _below(os.path.abspath(p), binds)]
    shown = [p for p in shown if not _below(p, list(hidden))]
    return View(tuple(binds), links, tuple(devices), hidden, tuple(dict.fromkeys(shown)))


def _passing(folder: str) -> bool:
    """A Dask worker's own folder, which it puts on sys.path: others' work lies there, and it goes with the worker."""
    return "dask-scratch-space" in Path(folder).parts


def with_gpu(view: View, nodes: tuple[str, ...]) -> View:
    """The view of a submission that gets one GPU: its device files, or those of all GPUs where they cannot be told
    apart."""
    every = [*Path("/dev").glob("nvidia[0-9]*"), *Path("/dev/nvidia-caps").glob("nvidia-cap[0-9]*")]
    wanted = nodes or tuple(sorted(map(str, every)))
    return replace(view, devices=(*view.devices, *(node for node in wanted if os.path.exists(node))))


def _covers(folder: str, secret: tuple[str, ...]) -> bool:
    """Whether showing `folder` would show a secret folder as a whole or lie inside one (kit excepted by caller)."""
    real = os.path.realpath(folder)
    return any(os.path.realpath(s) == real or os.path.realpath(s).startswith(real.rstrip("/") + "/") for s in secret)
