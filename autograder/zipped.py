"""Zips in nbgrader's own commands: `zip_collect` leaves students' zips whole, and `autograde` takes them.

nbgrader would unpack an archive inside an archive wherever it comes from, keep the notebooks and drop the models, and
grade no folder without a notebook in it. Here a zip stays one file; `autograder.collect` reads it.
"""

from __future__ import annotations

import glob
import os
import shutil
import zipfile
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin
from nbgrader.utils import unzip

from autograder.collect.exported import exported_file, is_exported, student_in
from autograder.collect.names import SUFFIX, assignment_in, is_hidden, stem_of
from autograder.collect.packed import is_zip, packed_assignment
from autograder.collect.read import printable

_CLASS_LIMIT = 20 * 2**30  # bytes that the download of a whole class may take once unpacked
_original = Autograde.init_notebooks


def see_zips() -> None:
    """From now on `nbgrader autograde` and formgrader also grade a folder that holds a zip in place of a notebook."""
    Autograde.init_notebooks = _init_notebooks


def _init_notebooks(converter: Any) -> None:
    course = converter.coursedir
    pattern = converter._format_source(course.assignment_id, course.student_id)
    # The name that a notebook would have: nothing opens it, but nbgrader reads student and assignment from it.
    found = {
        folder: [os.path.join(folder, course.assignment_id + SUFFIX)]
        for folder in glob.glob(pattern)
        if course.notebook_id == "*" and _holds_zip(Path(folder))
    }
    try:
        _original(converter)
    except NbGraderException:
        if not found:
            raise
    for folder, notebooks in found.items():
        if converter.assignments.setdefault(folder, notebooks) is notebooks:
            converter.log.info("Grading the zip in %s", folder)


def _holds_zip(folder: Path) -> bool:
    try:
        names = os.listdir(folder)
    except OSError:
        return False
    return any(is_zip(name) and not is_hidden(name) for name in names)


class Extractor(ExtractorPlugin):
    """Unpacks what a platform packed; a zip with one student's work stays as it is."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """See nbgrader.plugins.ExtractorPlugin."""
        for here, _, names in os.walk(archive_path):
            target = Path(extracted_path, os.path.relpath(here, archive_path))
            target.mkdir(parents=True, exist_ok=True)
            for name in sorted(names):
                path = Path(here, name)
                if path.suffix not in self.zip_ext or _is_work(path) or not self._unpacked(path, target):
                    shutil.copy(path, target / name)

    def _unpacked(self, path: Path, target: Path) -> bool:
        try:
            if is_zip(path.name):
                with zipfile.ZipFile(path) as archive:
                    if sum(entry.file_size for entry in archive.infolist()) > _CLASS_LIMIT:
                        raise ValueError(f"it holds more than {_CLASS_LIMIT // 2**30} GB")
            unzip(str(path), str(target), zip_ext=self.zip_ext, create_own_folder=True, tree=False)
        except Exception as error:  # one archive that is broken or hostile never stops the others
            self.log.warning("%s was not unpacked: %s", path.name, error)
            shutil.rmtree(target / path.stem, ignore_errors=True)
            return False
        return True


def _is_work(path: Path) -> bool:
    """Whether a zip is one student's: a hand-in, or named for a student. The download of a class with a single notebook
    in it is none."""
    if exported_file(path.name)[0]:
        return True
    return is_zip(path.name) and not packed_assignment(path, ())[1] and not _tells_students(path)


def _tells_students(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return any(is_exported(part) for name in archive.namelist() for part in name.split("/"))


class Collector(FileNameCollectorPlugin):
    """Knows the names that platforms give to files and folders; a `named_regexp` of the course's own goes before."""

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """See nbgrader.plugins.FileNameCollectorPlugin."""
        if self.named_regexp:
            found: dict[str, str] | None = super().collect(submitted_file)
            return found
        path = Path(submitted_file)
        if path.suffix.lower() not in (SUFFIX, ".zip") or is_hidden(path.name):
            return None
        student, name = exported_file(path.name)
        folder = next((part for part in reversed(path.parts[:-1]) if is_exported(part)), "")
        student = student or (student_in(folder) if folder else "")
        stem = stem_of(path.name).removesuffix("-handin")
        if not student and not assignment_in(stem, [self.parent.coursedir.assignment_id]):
            student = printable(stem)
        if not student:
            self.log.warning(
                "%s: its name tells no student; put the student's name in front, or move it by hand", path.name
            )
            return None
        return {"student_id": student, "file_id": name or path.name}
