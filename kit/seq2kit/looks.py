"""What can be seen of a notebook without running it: cells that are missing, and what the grader will not have."""

from __future__ import annotations

import ast
import re
import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, requires

from seq2kit.homework import LOCKED, TESTS, Homework, name_of, source_of

PROBLEM, NOTE = "problem", "note"
_COMMAND = re.compile(r"^[ \t]*[%!]", re.MULTILINE)
_INSTALLS = re.compile(r"^[ \t]*[%!][ \t]*(?:pip|conda|mamba|apt|apt-get)\b[^\n]{0,80}", re.MULTILINE)
_ABSOLUTE = re.compile(r"(?:/(?:home|Users|content|mnt|kaggle|root|tmp|workspace|data)/|~/|[A-Za-z]:[\\/]).+")
_REQUIREMENT = re.compile(r"[A-Za-z0-9._-]+")
# The kit's own list, for where the kit lies on the path without having been installed.
_USUAL = frozenset({"numpy", "torch", "matplotlib", "transformers", "safetensors", "tokenizers", "tqdm"})
_JUPYTER = frozenset({"IPython", "ipykernel", "seq2kit", "matplotlib_inline", "mpl_toolkits"})


@dataclass(frozen=True)
class Remark:
    """Something to tell the student; a `problem` is likely to cost points, a `note` is not."""

    kind: str
    text: str


def look(homework: Homework, own_modules: Collection[str] = ()) -> list[Remark]:
    """Everything that can be said. own_modules: names of modules that are handed in with the notebook."""
    return [*_cells(homework), *_surroundings(homework, own_modules)]


def own_code(homework: Homework) -> Iterator[tuple[int, str]]:
    """(place, text) of the code cells that the student wrote or changed."""
    for place, cell in enumerate(homework.cells):
        if cell["cell_type"] == "code" and homework.is_own(cell):
            yield place, source_of(cell)


def imports(code: str) -> set[str]:
    """The first names of the modules that a piece of code imports."""
    found: set[str] = set()
    for node in ast.walk(parsed(code)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def texts(code: str) -> set[str]:
    """The pieces of text that stand in code."""
    constants = (node.value for node in ast.walk(parsed(code)) if isinstance(node, ast.Constant))
    return {value for value in constants if isinstance(value, str)}


def parsed(code: str) -> ast.Module:
    """A cell's syntax tree without commands to Jupyter; empty where it is no Python."""
    plain = "\n".join("pass" if _COMMAND.match(line) else line for line in code.splitlines())
    for text in (code, plain):
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return ast.Module([], [])


def _cells(homework: Homework) -> Iterator[Remark]:
    counts = Counter(name_of(cell) for cell in homework.cells)
    roles = {one.name: one.role for one in homework.given}
    missing = [one.name for one in homework.given if not counts[one.name]]
    answers = [name for name in missing if roles[name] not in (LOCKED, TESTS)]
    others = [name for name in missing if name not in answers]
    if answers:
        yield Remark(
            PROBLEM,
            f"Answer cells are missing, or have lost their marks: {_listed(answers)}. Copy them back "
            "from the notebook that you were given.",
        )
    if others:
        yield Remark(NOTE, f"Cells of the course are missing: {_listed(others)}. The grader puts them back.")
    edited = [
        one.name
        for one in homework.given
        if one.role in (LOCKED, TESTS) and counts[one.name] and homework.is_own(homework.named[one.name])
    ]
    if edited:
        yield Remark(NOTE, f"Cells that may not be changed were changed: {_listed(edited)}. The grader uses its own.")
    twice = [name for name in roles if counts[name] > 1]
    if twice:
        yield Remark(PROBLEM, f"Cells are there more than once: {_listed(twice)}. Keep one of each.")
    moved = _moved(homework)
    if moved:
        yield Remark(NOTE, f"Cells are not where they were: {_listed(moved)}. The grader puts them back in order.")


def _moved(homework: Homework) -> list[str]:
    """The cells of the course that are not among the longest run that kept its order."""
    order = {one.name: number for number, one in enumerate(homework.given)}
    names = list(dict.fromkeys(name_of(cell) for cell in homework.cells if name_of(cell) in order))
    tails: list[int] = []
    length = []
    for name in names:
        place = bisect_left(tails, order[name])
        tails[place : place + 1] = [order[name]]
        length.append(place)
    kept, wanted = set(), len(tails) - 1
    for name, place in zip(reversed(names), reversed(length), strict=True):
        if place == wanted:
            kept.add(name)
            wanted -= 1
    return [name for name in names if name not in kept]


def _surroundings(homework: Homework, own_modules: Collection[str]) -> Iterator[Remark]:
    given: set[str] = set()
    for cell in homework.cells:
        if cell["cell_type"] == "code" and not homework.is_own(cell):
            given |= imports(source_of(cell))
    for place, code in own_code(homework):
        where = _where(homework, place)
        strange = sorted(imports(code) - given - available() - set(own_modules) - set(sys.stdlib_module_names))
        if strange:
            yield Remark(NOTE, f"{where} imports {_listed(strange)}, which the grader may not have.")
        for text in sorted(texts(code)):
            if _ABSOLUTE.fullmatch(text):
                yield Remark(
                    PROBLEM,
                    f"{where} names {text[:80]}, which is a place on your machine. Put the file "
                    "beside the notebook, and name it without folders.",
                )
        for command in _INSTALLS.findall(code):
            yield Remark(NOTE, f"{where} says {command.strip()[:60]}: the grader installs nothing.")
        names = {node.id for node in ast.walk(parsed(code)) if isinstance(node, ast.Name)}
        if "input" in names:
            yield Remark(PROBLEM, f"{where} asks for input; nobody is there to answer when it is graded.")


@cache
def available() -> frozenset[str]:
    """The modules that come with the kit: those of its requirements, and of theirs."""
    waiting, found = ["seq2grade-kit"], set()
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        try:
            needed = requires(name) or []
        except PackageNotFoundError:
            continue
        waiting += [_plain(match[0]) for one in needed if "extra ==" not in one and (match := _REQUIREMENT.match(one))]
    modules = {module for module, owners in packages_distributions().items() if found & set(map(_plain, owners))}
    return frozenset(modules | _USUAL | _JUPYTER)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _where(homework: Homework, place: int) -> str:
    name = name_of(homework.cells[place])
    return f"Cell {name}" if name else f"Your own cell (number {place + 1})"


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    return ", ".join(names[:6]) + more
