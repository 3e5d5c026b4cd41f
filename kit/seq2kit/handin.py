"""One zip with everything that is handed in: the notebook, its trained models, and the student's files that it uses."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from seq2kit.homework import Homework, source_of
from seq2kit.looks import NOTE, PROBLEM, Remark, imports, own_code, texts

MODELS, FAST = "checkpoints", "checkpoints-fast"
# What the grader takes (a test holds them against its own).
FILES, BYTES = 200, 50 * 2**20
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same files give the same zip


@dataclass(frozen=True)
class Pack:
    """Relative name -> content; the notebook comes first, under the assignment's name. `given` is not handed in: the
    grader has what the course gave."""

    files: dict[str, bytes]
    remarks: tuple[Remark, ...] = ()
    given: dict[str, bytes] = field(default_factory=dict)

    @property
    def modules(self) -> set[str]:
        """The names under which its Python files are imported."""
        names = (*self.files, *self.given)
        return {PurePosixPath(name).parts[0].removesuffix(".py") for name in names if name.endswith(".py")}


def pack(homework: Homework) -> Pack:
    """Everything that belongs to a hand-in, and what is to be said about it. Reads the disk."""
    folder = homework.path.resolve().parent
    notebook = f"{homework.assignment}.ipynb"
    files = {notebook: homework.path.read_bytes()}
    remarks: list[Remark] = []
    given = {
        name: content for name in filter(_beside, homework.files) if (content := _content(folder / name)) is not None
    }
    missing = [name for name in homework.files if name not in given]
    if missing:
        remarks.append(
            Remark(
                NOTE,
                f"The course gave files with the notebook that are not beside it: "
                f"{', '.join(missing)}. The grader has them; you need them to run the notebook.",
            )
        )
    for name in _wanted(homework, folder):
        if name in given:
            continue
        content = _content(folder / name)
        if content is None or len(files) >= FILES or sum(map(len, files.values())) + len(content) > BYTES:
            remarks.append(
                Remark(
                    PROBLEM,
                    f"{name} was left out: it cannot be read, or it is too much: {FILES} files "
                    f"and {BYTES // 2**20} MB in all can be handed in.",
                )
            )
        else:
            files[name] = content
    remarks += [*_models(homework, folder, files), *_unrun(homework)]
    return Pack(files, tuple(remarks), given)


def zipped(files: dict[str, bytes]) -> bytes:
    """The bytes of a zip: the same for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            archive.writestr(entry, content)
    return out.getvalue()


def write(files: dict[str, bytes], path: Path) -> None:
    """Write the zip, whole or not at all. Raises OSError."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        fresh.write_bytes(zipped(files))
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _wanted(homework: Homework, folder: Path) -> Iterator[str]:
    """Names of the files beside the notebook that belong to it, in a fixed order."""
    models = sorted((folder / MODELS).glob("*.safetensors"))
    yield from (f"{MODELS}/{path.name}" for path in models if not path.name.startswith("."))
    # what language models wrote (seq2kit.llm.cache), whoever wrote the cell that names the file
    kept = sorted(
        {path.relative_to(folder).as_posix() for place in ("", MODELS) for path in (folder / place).glob("*.jsonl")}
    )
    yield from (name for name in kept if _is_data(folder, name))
    own = sorted(_modules(homework, folder))
    yield from own
    named = {text for _, code in own_code(homework) for text in texts(code)}
    yield from sorted(
        name
        for name in map(_beside, named)
        if name
        and name not in (*own, *kept)
        and not name.startswith((f"{MODELS}/", f"{FAST}/"))
        and _is_data(folder, name)
    )


def _modules(homework: Homework, folder: Path) -> set[str]:
    """The Python files beside the notebook that it imports, and those that these import."""
    found: set[str] = set()
    waiting = [name for _, code in own_code(homework) for name in imports(code)]
    while waiting:
        name = waiting.pop()
        single, inside = folder / f"{name}.py", folder / name
        paths = [single] if single.is_file() else sorted(inside.rglob("*.py")) if inside.is_dir() else []
        for path in paths[:FILES]:
            relative = path.relative_to(folder).as_posix()
            if relative not in found and path.is_file():
                found.add(relative)
                waiting += imports((_content(path) or b"").decode("utf-8", "replace"))
    return found


def _beside(text: str) -> str:
    """A piece of text as the name of a file beside the notebook; "" where it is none."""
    if not 0 < len(text) <= 200 or "\n" in text or "\0" in text:
        return ""
    path = PurePosixPath(text)
    return "" if path.is_absolute() or ".." in path.parts or not path.suffix else path.as_posix()


def _is_data(folder: Path, name: str) -> bool:
    hidden = any(part.startswith(".") for part in PurePosixPath(name).parts)
    try:
        return not hidden and not name.lower().endswith((".ipynb", ".zip")) and (folder / name).is_file()
    except OSError:
        return False


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.stat().st_size <= BYTES else None
    except OSError:
        return None


def _models(homework: Homework, folder: Path, files: dict[str, bytes]) -> Iterator[Remark]:
    here = [name for name in files if name.startswith(f"{MODELS}/") and name.endswith(".safetensors")]
    missing = [name for name in homework.models if name not in files]
    # Some notebooks let students name their models: as many as there should be will do.
    if missing and len(here) < len(homework.models):
        names = ", ".join(missing[:4]) + (f" and {len(missing) - 4} more" if len(missing) > 4 else "")
        fast = (folder / FAST).is_dir() and not here
        why = (
            f" What lies in {FAST}/ comes from the fast profile, which only shows that the code runs. Unset "
            "SEQ2GRADE_PROFILE, restart Jupyter, and run the notebook once more."
            if fast
            else " Run the notebook from top to bottom until everything is trained."
        )
        yield Remark(PROBLEM, f"Trained models are missing: {names}.{why}")
    if not here:
        return
    from seq2kit.checkpoints import stamped
    from seq2kit.origins import changed

    cells = [source_of(cell) for cell in homework.cells if cell["cell_type"] == "code"]
    for name in here:
        try:
            stamp = stamped(folder / name)
        except (ValueError, OSError) as error:
            yield Remark(PROBLEM, f"{name}: {error}.")
            continue
        if stamp.get("profile") == "fast":
            yield Remark(
                PROBLEM,
                f"{name} comes from the fast profile, which only shows that the code runs. Delete "
                "it, unset SEQ2GRADE_PROFILE, and run the notebook once more.",
            )
        newer = changed(stamp, cells)
        if newer:
            yield Remark(
                PROBLEM,
                f"{name} is older than your code: {', '.join(newer[:4])} changed since it was "
                "trained. If that changes what the model does, delete the file and run the notebook "
                "once more.",
            )


def _unrun(homework: Homework) -> Iterator[Remark]:
    code = [cell for cell in homework.cells if cell["cell_type"] == "code" and source_of(cell).strip()]
    unrun = [cell for cell in code if not cell.get("execution_count")]
    if unrun:
        some = len(unrun) < len(code)
        few = f"{len(unrun)} of {len(code)} cells have not been run" if some else "No cell has been run"
        yield Remark(NOTE, f"{few}. The grader runs all of them anew; do so yourself before you hand in.")
