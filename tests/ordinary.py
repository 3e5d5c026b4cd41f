"""Run Python where other users can reach it, as one of them: `python -m tests.ordinary user -m pytest ...`.

Started by root (as in most containers), this makes the interpreter, its packages and this checkout reachable for
everybody, in a mount namespace of its own. With the first argument `user` it then becomes user 54321 and never comes
back; with `root` it stays what it is, and of the checkout only the students' kit and Python stay open to others, as
they must be for the backend `container`. Started by anybody else it just runs the command: that user already is an
ordinary one.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from autograder.sandbox import syscalls

USER = 54321
_ROOT = Path(__file__).resolve().parents[1]
_NEEDED = (sys.base_prefix, sys.prefix, str(_ROOT))


def closed_ancestor(path: Path) -> Path | None:
    """The topmost folder above `path` (or itself) that other users may not pass."""
    for folder in reversed((path, *path.parents)):
        if not folder.stat().st_mode & 0o001:
            return folder
    return None


def open_up(paths: tuple[str, ...]) -> None:
    """In a mount namespace of its own: put an open folder that holds only `paths` over each closed one.

    Nothing is removed here, ever: what is mounted are the machine's own folders.
    """
    syscalls.unshare(syscalls.CLONE_NEWNS)
    syscalls.mount("none", "/", "", syscalls.MS_REC | syscalls.MS_PRIVATE)
    real = {Path(os.path.realpath(path)) for path in paths}
    closed = {path: found for path in real if (found := closed_ancestor(path))}
    held = {path: os.open(path, os.O_PATH | os.O_DIRECTORY) for path in closed}
    for folder in set(closed.values()):
        syscalls.mount("tmpfs", str(folder), "tmpfs", 0, "mode=0755,size=1m")
    for path, descriptor in held.items():
        path.mkdir(parents=True, exist_ok=True)
        syscalls.mount(f"/proc/self/fd/{descriptor}", str(path), "", syscalls.MS_BIND | syscalls.MS_REC)
        os.close(descriptor)


def close_checkout() -> None:
    """In the same namespace: put a copy of what tests need, closed to other users, over the checkout. Kit and Python
    in it stay what and how they are."""
    checkout = os.open(_ROOT, os.O_PATH | os.O_DIRECTORY)
    real = [Path(os.path.realpath(path)) for path in (sys.prefix, _ROOT / "kit")]
    held = {path: os.open(path, os.O_PATH | os.O_DIRECTORY) for path in real if _ROOT in path.parents}
    syscalls.mount("tmpfs", str(_ROOT), "tmpfs", 0, "mode=0711,size=64m")
    for path, descriptor in held.items():
        path.mkdir(parents=True)
        syscalls.mount(f"/proc/self/fd/{descriptor}", str(path), "", syscalls.MS_BIND | syscalls.MS_REC)
    for name in ("autograder", "tests"):
        shutil.copytree(f"/proc/self/fd/{checkout}/{name}", _ROOT / name)
        (_ROOT / name).chmod(0o700)
    shutil.copy(f"/proc/self/fd/{checkout}/pyproject.toml", _ROOT)
    os.chdir(_ROOT)


def main(arguments: list[str]) -> None:
    """Become ordinary and run the interpreter with these arguments."""
    environment = dict(os.environ)
    if os.geteuid() == 0:
        open_up(_NEEDED)
    if os.geteuid() == 0 and arguments[0] == "root":
        close_checkout()
    if os.geteuid() == 0 and arguments[0] == "user":
        home = tempfile.mkdtemp(prefix="home-")  # whoever started this removes it
        os.chown(home, USER, USER)
        environment |= {"HOME": home, "TMPDIR": home, "PYTHONDONTWRITEBYTECODE": "1"}
        os.setgroups([])
        os.setresgid(USER, USER, USER)
        os.setresuid(USER, USER, USER)
    os.execve(sys.executable, [sys.executable, *arguments[1:]], environment)


if __name__ == "__main__":
    main(sys.argv[1:])
