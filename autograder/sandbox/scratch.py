"""The private folder of one submission: made, removed, and swept when the grader that made it was killed.

A folder belongs to whoever holds a lock on it, and the kernel lets go of a lock when its holder dies, however it dies.
That tells the living from the dead also between containers that share a disk but do not see each other's processes.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import stat
import tempfile
import time
from pathlib import Path

from autograder.errors import SandboxError
from autograder.sandbox import cgroup, trees
from autograder.sandbox.usage import left_by

MOUNTS = "/proc/self/mountinfo"
_NAME = re.compile(r"s2g-run-[a-z0-9_]+")
_UNNAMED = ".s2g-new-"
_FOLDERS = ("ipc", "files", "tmp", "root", "given")
_SETTLED = 3600.0  # a folder without its final name is made within moments; after this long nobody is at it


def group_name(scratch: str) -> str:
    """The name of the cgroup that goes with a scratch folder."""
    return f"seq2grade-{os.path.basename(scratch)}"


def _base() -> str:
    """Socket paths must stay under 108 bytes."""
    base = tempfile.gettempdir()
    return base if len(base) < 60 else "/tmp"


def make(
    files: dict[str, bytes], uid: int | None, given: dict[str, bytes] | None = None, apart: bool = False
) -> tuple[str, int]:
    """A private folder with `ipc/` and `files/`, and the descriptor that holds its lock. Files that are `given` belong
    to us and not to `uid`; they lie among the others, or `apart`. Raises SandboxError."""
    draft = ""
    try:
        draft = tempfile.mkdtemp(prefix=_UNNAMED, dir=_base())
        lock = os.open(draft, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise SandboxError(f"no scratch folder could be made in {_base()}: {error.strerror}") from error
    try:
        with contextlib.suppress(OSError):  # a disk without locks: then nothing is swept there either
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # only a folder that is locked already gets a name that a sweep looks for
        scratch = os.path.join(os.path.dirname(draft), "s2g-run-" + os.path.basename(draft).removeprefix(_UNNAMED))
        os.rename(draft, scratch)
        draft = scratch
        _fill(scratch, files, uid)
        if given:
            _give(scratch, given, uid, "given" if apart else "files")
    except BaseException as error:
        os.close(lock)
        shutil.rmtree(draft, ignore_errors=True)
        if isinstance(error, OSError):
            raise SandboxError(f"{draft} could not be filled: {error.strerror}") from error
        raise
    return scratch, lock


def _fill(scratch: str, files: dict[str, bytes], uid: int | None) -> None:
    os.chmod(scratch, 0o711)
    for name in _FOLDERS:
        os.mkdir(os.path.join(scratch, name), 0o700)
    for name, data in files.items():
        _write(os.path.join(scratch, "files"), name, data)
    if uid is not None:
        for folder, _, names in os.walk(scratch):
            for path in (folder, *(os.path.join(folder, n) for n in names)):
                if path != scratch:
                    os.chown(path, uid, uid)


def _write(folder: str, name: str, data: bytes) -> str:
    path = os.path.normpath(os.path.join(folder, name))
    if not path.startswith(folder + os.sep):
        raise SandboxError(f"refused file name {name!r}")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    Path(path).write_bytes(data)
    return path


def _give(scratch: str, given: dict[str, bytes], uid: int | None, place: str) -> None:
    """Files that can be read and not written. Where they lie among the student's, folders with one become ours, and
    whoever the student is may make and remove what is his own there, and nothing else (the sticky bit)."""
    folder = os.path.join(scratch, place)
    ours = set()
    for name, data in given.items():
        path = _write(folder, name, data)
        os.chmod(path, 0o444)
        while path != folder:
            path = os.path.dirname(path)
            ours.add(path)
    if uid is not None and place == "files":
        for path in ours:
            os.chown(path, os.geteuid(), uid)
            os.chmod(path, 0o1770)


def remove(scratch: str) -> None:
    """Delete a scratch folder, unless something is mounted below it: the mounts of a sandbox live in its own
    namespace, and deleting through one that leaked out would delete what is mounted there, say Python itself."""
    with open(MOUNTS, encoding="utf-8", errors="surrogateescape") as file:
        mounts = [line.split()[4] for line in file]
    if not any(point.startswith(scratch.rstrip("/") + "/") for point in mounts):
        trees.remove(scratch)


def remove_files_of(uid: int) -> None:
    """What a submission's own user left in folders that everybody may write to. With mounts of its own: nothing."""
    for path in left_by(uid):
        trees.remove(path)


def sweep() -> list[str]:
    """Remove what graders that were killed left behind: folders, cgroups, files of their submissions' users.
    Returns the folders removed. Nothing of a living grader's is touched."""
    removed = []
    for base in {_base(), "/tmp"}:
        with contextlib.suppress(OSError), os.scandir(base) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    if _is_ours(entry) and _bury(entry.path):
                        removed.append(entry.path)
    cgroup.sweep_empty()
    return removed


def _is_ours(entry: os.DirEntry[str]) -> bool:
    """A folder (no link to one) that this user's grader made. Anybody may put names into a temporary folder."""
    named = _NAME.fullmatch(entry.name) is not None
    if not named and not entry.name.startswith(_UNNAMED):
        return False
    info = entry.stat(follow_symlinks=False)
    if not stat.S_ISDIR(info.st_mode) or info.st_uid != os.geteuid():
        return False
    return named or time.time() - info.st_ctime > _SETTLED


def _bury(scratch: str) -> bool:
    lock = os.open(scratch, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises when somebody lives
        if not cgroup.sweep(group_name(scratch)):
            return False  # the next sweep finds both
        with contextlib.suppress(OSError):
            owner = os.lstat(os.path.join(scratch, "tmp")).st_uid  # files/ may be ours, with the course's files
            if owner != os.geteuid():
                remove_files_of(owner)
        remove(scratch)
    finally:
        os.close(lock)
    return not os.path.lexists(scratch)
