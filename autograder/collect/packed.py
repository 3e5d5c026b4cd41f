"""A zip that was handed in: one notebook with its models and files. Read as hostile bytes, in memory, within bounds.

Nothing is unpacked onto a disk. What would lie elsewhere, is a link, or is there twice is refused. An archive inside is
a file like any other.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.collect.files import BYTE_LIMIT, DEPTH_LIMIT, FILE_LIMIT, is_passed_over
from autograder.collect.names import Sort, assignment_in, shown, sort_of, stem_of
from autograder.collect.read import NOTEBOOK_LIMIT, assignment_of, parse_notebook, printable, read_regular
from autograder.collect.survey import listed
from autograder.errors import CollectError
from autograder.model import Repair

ENDING = ".zip"
ZIP_LIMIT = BYTE_LIMIT + 10 * 2**20
# Of the list of names at the end of a zip; room for some thousand, and far below what takes long to read.
_LIST_LIMIT = 2**18
_DRIVE = re.compile(r"[A-Za-z]:")
_NAME_LENGTH = 300
_ENCRYPTED = 0x1


@dataclass(frozen=True)
class Pack:
    """What a zip holds. `name` is the notebook's in it, `files` what lies beside the notebook: name -> content."""

    name: str
    raw: bytes
    files: dict[str, bytes]
    refused: tuple[Repair, ...] = ()


def is_zip(name: str) -> bool:
    """Whether a file is named as a zip."""
    return name.rstrip().lower().endswith(ENDING)


def packed_assignment(path: Path, known: Collection[str]) -> tuple[str, str]:
    """(assignment, "") of a zip on a disk, "" where neither the mark in its notebook nor a name tells one of `known`;
    or ("", why it cannot be graded)."""
    try:
        pack = read_pack(read_regular(path, ZIP_LIMIT, links=2**30), known, alone=True)
        mark = assignment_of(parse_notebook(pack.raw))
    except CollectError as error:
        return "", str(error)
    names = (stem_of(PurePosixPath(pack.name).name), stem_of(path.name))
    told = [mark] if mark in known else [assignment_in(name, known, loosely=True) for name in names]
    return next(filter(None, told), ""), ""


def read_pack(raw: bytes, wanted: Collection[str] = (), alone: bool = False) -> Pack:
    """The notebook and the files in the bytes of a zip. `wanted` are assignments: where there are several notebooks,
    the one that is named for one of them is meant. `alone`: without the files.

    Raises CollectError with a sentence for student and instructor."""
    try:
        bytes_read = _Bounded(raw)
        with zipfile.ZipFile(bytes_read) as archive:
            bytes_read.bounded = False
            for entry in archive.infolist():  # some programs write folders with the other slash
                entry.filename = entry.filename.replace("\\", "/")
            return _read(archive, frozenset(wanted), alone)
    except CollectError:
        raise
    except Exception as error:  # whatever a reader of hostile bytes raises
        raise CollectError("The zip is damaged or no zip at all: pack it again and hand it in anew.") from error


class _Bounded(io.BytesIO):
    """Bytes of which the list of names, which is read in one piece while a zip is opened, must be short."""

    bounded = True

    def read(self, size: int | None = -1, /) -> bytes:
        if self.bounded and size is not None and size > _LIST_LIMIT:
            raise CollectError("The zip names far too many files: hand in the notebook with its models only.")
        return super().read(size)


def _read(archive: zipfile.ZipFile, wanted: frozenset[str], alone: bool) -> Pack:
    entries = [entry for entry in archive.infolist() if not _is_nothing(entry)]
    _refuse_doubles([entry for entry in entries if not why_not(entry)])
    notebooks = [entry for entry in entries if sort_of(entry.filename) is Sort.NOTEBOOK and why_not(entry) == ""]
    meant = _meant(notebooks, entries, wanted)
    home = PurePosixPath(meant.filename).parent
    try:
        raw = content_of(archive, meant, NOTEBOOK_LIMIT)
    except CollectError as error:  # of a file beside it that is the end of a sentence; here it is all there is to say
        raise CollectError(f"{error}: pack it again and hand it in anew.") from error
    files: dict[str, bytes] = {}
    refused: list[Repair] = []
    for entry in sorted([] if alone else entries, key=lambda entry: entry.filename):
        if entry is meant:
            continue
        name = _relative(entry.filename, home)
        why = why_not(entry) or _why_no_file(entry, name, files)
        if not why:
            try:
                files[name] = content_of(archive, entry, BYTE_LIMIT - sum(map(len, files.values())))
                continue
            except CollectError as error:
                why = str(error)
        refused.append(Repair("files", "", f"The file {shown(entry.filename)} in the zip was not used: {why}."))
    told = refused[:20]
    if len(refused) > len(told):
        told.append(Repair("files", "", f"{len(refused) - len(told)} more files in the zip were not used."))
    return Pack(meant.filename, raw, files, tuple(told))


def _is_nothing(entry: zipfile.ZipInfo) -> bool:
    """Folders, and what programs leave behind."""
    parts = PurePosixPath(entry.filename[:_NAME_LENGTH]).parts
    return entry.filename.endswith("/") or any(is_passed_over(part) for part in parts if part != "..")


def _refuse_doubles(entries: list[zipfile.ZipInfo]) -> None:
    """Two files of one name, or a file in the place of a folder: nobody knows which one is meant."""
    seen: set[str] = set()
    folders: set[str] = set()
    for entry in entries:
        path = PurePosixPath(entry.filename)
        key = path.as_posix()
        if key in seen:
            raise CollectError(f"The zip holds {shown(key)} twice, and it cannot be told which counts: pack it again.")
        seen.add(key)
        folders |= {parent.as_posix() for parent in list(path.parents)[: DEPTH_LIMIT + 1]}
    both = seen & folders
    if both:
        raise CollectError(f"In the zip, {shown(min(both))} is a file and a folder at once: pack it again.")


def _meant(notebooks: list[zipfile.ZipInfo], entries: list[zipfile.ZipInfo], wanted: frozenset[str]) -> zipfile.ZipInfo:
    named = [one for one in notebooks if assignment_in(stem_of(PurePosixPath(one.filename).name), wanted)]
    for choice in (notebooks, named, [one for one in named if "/" not in one.filename]):
        if len(choice) == 1:
            return choice[0]
    if notebooks:
        names = listed([one.filename for one in notebooks])
        raise CollectError(
            f"The zip holds {len(notebooks)} notebooks ({names}), and it cannot be told which one counts; hand in one."
        )
    inside = [one.filename for one in entries if sort_of(one.filename) is Sort.ARCHIVE]
    advice = " Unpack the archive in it, and pack the notebook itself." if inside else ""
    found = listed([one.filename for one in entries]) or "nothing"
    raise CollectError(f"There is no notebook in the zip; found {found}.{advice}")


def why_not(entry: zipfile.ZipInfo) -> str:
    """ "" or why an entry is not read."""
    name, mode = entry.filename, entry.external_attr >> 16
    if len(name.encode("utf-8", "surrogatepass")) > _NAME_LENGTH:
        return "its name is too long"
    parts = PurePosixPath(name).parts
    if stat.S_ISLNK(mode):
        return "it is a link"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "it is no plain file"
    if name.startswith("/") or ".." in parts or _DRIVE.match(name):
        return "its name leads out of the zip"
    if not name.isprintable() or printable(name) != name or "//" in name or "/./" in f"/{name}":
        return "its name holds unusual characters"
    if len(parts) > DEPTH_LIMIT + 1:
        return "its folder is nested too deeply"
    if entry.flag_bits & _ENCRYPTED:
        return "it is encrypted"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "it is packed in an unusual way"
    return ""


def _why_no_file(entry: zipfile.ZipInfo, name: str, files: dict[str, bytes]) -> str:
    if not name:
        return "it does not lie beside the notebook"
    if sort_of(name) in (Sort.NOTEBOOK, Sort.ALMOST):
        return "it is not the notebook that is graded"
    return f"there are more than {FILE_LIMIT} files" if len(files) >= FILE_LIMIT else ""


def _relative(name: str, home: PurePosixPath) -> str:
    """A name as seen from the notebook's folder; "" where it lies elsewhere."""
    path = PurePosixPath(name)
    return path.relative_to(home).as_posix() if path.is_relative_to(home) else ""


def content_of(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> bytes:
    """The bytes of an entry, however many it claims to have. Raises CollectError."""
    name = shown(PurePosixPath(entry.filename).name)
    try:
        with archive.open(entry) as file:
            parts, size = [], 0
            while part := file.read(2**20):
                parts.append(part)
                size += len(part)
                if size > limit:
                    raise CollectError(f"{name} takes more than {limit // 2**20} MB once unpacked")
            return b"".join(parts)
    except CollectError:
        raise
    except Exception as error:
        raise CollectError(f"{name} in the zip is damaged") from error
