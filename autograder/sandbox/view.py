"""What a sandboxed process may see of the machine: decided here, mounted elsewhere."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
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
    wanted += [p for p in sys.path if p and os.path.isdir(p) and not _covers(p, secret)]
    for folder in sorted({os.path.realpath(p) for p in wanted} | {os.path.abspath(p) for p in wanted}, key=len):
        if not _below(folder, binds) and not _covers(folder, secret):
            binds.append(folder)
    devices = [f"/dev/{name}" for name in _DEVICES if os.path.exists(f"/dev/{name}")]
    if device == "cuda":
        devices += [str(p) for p in sorted(Path("/dev").glob("nvidia[0-9]*"))]
        devices += [f"/dev/{name}" for name in _CUDA if os.path.exists(f"/dev/{name}")]
        binds += [p for p in ("/sys", "/proc/driver/nvidia") if os.path.isdir(p)]
    hidden = tuple(p for p in map(os.path.realpath, secret) if _below(p, binds) and os.path.isdir(p))
    shown = [p for p in (*sys.path, *libraries) if p and _below(os.path.abspath(p), binds)]
    shown = [p for p in shown if not _below(p, list(hidden))]
    return View(tuple(binds), links, tuple(devices), hidden, tuple(dict.fromkeys(shown)))


def _covers(folder: str, secret: tuple[str, ...]) -> bool:
    """Whether showing `folder` would show a secret folder as a whole or lie inside one (kit excepted by caller)."""
    real = os.path.realpath(folder)
    return any(os.path.realpath(s) == real or os.path.realpath(s).startswith(real.rstrip("/") + "/") for s in secret)
