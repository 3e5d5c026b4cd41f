"""The files a student handed in beside the notebook: regular ones only, and not too many."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from autograder.collect.read import printable, read_regular
from autograder.errors import CollectError
from autograder.model import Repair

FILE_LIMIT, BYTE_LIMIT, DEPTH_LIMIT = 200, 50 * 2**20, 8
# More entries than this are not looked at: a folder of a million names costs a minute to list.
_ENTRY_LIMIT, _REPORT_LIMIT = 5_000, 20
TRAINED = "checkpoints"  # where seq2kit.checkpoints keeps models, beside the notebook
_OURS = frozenset({"feedback", "__pycache__", "timestamp.txt"})
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass
class _Haul:
    files: dict[str, bytes] = field(default_factory=dict)
    refused: list[Repair] = field(default_factory=list)
    seen: int = 0
    size: int = 0

    def refuse(self, name: str, why: str) -> None:
        kind = "folder" if name.endswith("/") else "file"
        self.refused.append(Repair("files", "", f"The {kind} {name} was not used: {why}."))


def extra_files(folder: Path, notebook: str) -> tuple[dict[str, bytes], tuple[Repair, ...]]:
    """Relative name -> content of what lies beside `notebook` in `folder`, and what was refused.

    Links, pipes, devices, other notebooks and names that are no plain text are refused; dot files, caches,
    feedback and timestamp.txt are passed over. Names use "/" and come in sorted order.
    """
    haul = _Haul()
    _walk(haul, folder, "", None, notebook)
    return _told(haul)


def trained_files(folder: Path, notebook: str) -> tuple[dict[str, bytes], tuple[Repair, ...]]:
    """The same for a notebook that lies anywhere: only the models below checkpoints/, and only where no other
    notebook lies that they may belong to."""
    haul = _Haul()
    others = [name for name in os.listdir(folder) if name.endswith(".ipynb") and name != notebook]
    if (folder / TRAINED).is_dir() and not (folder / TRAINED).is_symlink():
        if others:
            haul.refuse(f"{TRAINED}/", "another notebook lies beside this one, and it may belong to that")
        else:
            _walk(haul, folder / TRAINED, f"{TRAINED}/", None, notebook)
    return _told(haul)


def _told(haul: _Haul) -> tuple[dict[str, bytes], tuple[Repair, ...]]:
    refused = haul.refused[:_REPORT_LIMIT]
    if len(haul.refused) > _REPORT_LIMIT:
        more = len(haul.refused) - _REPORT_LIMIT
        refused.append(Repair("files", "", f"{more} more files were not used."))
    return dict(sorted(haul.files.items())), tuple(refused)


def _walk(haul: _Haul, folder: Path | str, prefix: str, parent: int | None, notebook: str) -> None:
    try:
        handle = os.open(folder, _FOLDER, dir_fd=parent)
    except OSError as error:
        haul.refuse(prefix.rstrip("/") or "folder", f"it cannot be opened ({error.strerror})")
        return
    try:
        for raw in sorted(os.listdir(handle)):
            haul.seen += 1
            if haul.seen > _ENTRY_LIMIT:
                haul.refuse(prefix + printable(raw), "there are too many files")
                return
            passed_over = raw.startswith(".") or raw.endswith(".pyc") or raw in _OURS
            if not passed_over and (prefix or raw != notebook):
                _take(haul, raw, prefix, handle, notebook)
    finally:
        os.close(handle)


def _take(haul: _Haul, raw: str, prefix: str, parent: int, notebook: str) -> None:
    name = prefix + printable(raw)
    try:
        mode = os.stat(raw, dir_fd=parent, follow_symlinks=False).st_mode
    except OSError:
        mode = 0
    if not raw.isprintable() or "\\" in raw:
        haul.refuse(name.encode("unicode_escape").decode(), "its name holds unusual characters")
    elif stat.S_ISLNK(mode):
        haul.refuse(name, "it is a link")
    elif stat.S_ISDIR(mode):
        if prefix.count("/") >= DEPTH_LIMIT:
            haul.refuse(name, "its folder is nested too deeply")
        else:
            _walk(haul, raw, f"{name}/", parent, notebook)
    elif not stat.S_ISREG(mode):
        haul.refuse(name, "it is a pipe, a socket or a device")
    elif raw.endswith(".ipynb"):
        haul.refuse(name, "it is not the notebook that is graded")
    elif len(haul.files) >= FILE_LIMIT:
        haul.refuse(name, f"there are more than {FILE_LIMIT} files")
    else:
        try:
            content = read_regular(raw, BYTE_LIMIT - haul.size, dir_fd=parent)
        except CollectError:
            limit = BYTE_LIMIT // 2**20
            haul.refuse(name, f"it cannot be read, or the files are larger than {limit} MB in all")
            return
        haul.files[name] = content
        haul.size += len(content)
