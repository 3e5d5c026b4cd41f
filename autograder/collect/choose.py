"""One student's folder: which notebook there is the submission of which assignment, or why none is."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.collect.names import SUFFIX, assignment_in, look_of, shown, stem_of
from autograder.collect.packed import is_zip, packed_assignment
from autograder.collect.read import marked_assignment, printable
from autograder.collect.survey import ENTRY_LIMIT, Survey, entries, leads_to_folder, listed, survey
from autograder.model import Submission

# Reading a notebook for the mark in it costs time; nobody hands in more than a few.
_READ_LIMIT = 6


@dataclass(frozen=True)
class Wanted:
    """`ids` are the assignments that exist, `some` those asked for."""

    ids: frozenset[str]
    some: frozenset[str]

    @property
    def only(self) -> str:
        """The assignment, where there is no other; else ""."""
        return min(self.some) if len(self.some) == 1 else ""


def of_student(student: str, place: Path, wanted: Wanted) -> Iterator[Submission]:
    """A submission for each assignment in `place`, the folder of one student; at least one, unless it holds other
    assignments only. What cannot be graded has a `problem`."""
    if place.is_symlink():
        path = place / wanted.only / (wanted.only + SUFFIX) if wanted.only else place
        told = f"The folder {printable(place.name)} is a link; hand in the folder itself."
        yield Submission(student, wanted.only, path, place, problem=told)
        return
    found = survey(place)
    named = {
        assignment_in(entry.name, wanted.ids): place / entry.name
        for entry in entries(place, ENTRY_LIMIT)
        if assignment_in(entry.name, wanted.ids) and leads_to_folder(entry)
    }
    if found.cut:
        # What lies where it should is found, whatever else lies there.
        usual = [place / name / (name + SUFFIX) for name in wanted.ids]
        found.notebooks += [path for path in usual if os.path.lexists(path) and path not in found.notebooks]
    groups = _by_assignment(found, wanted)
    for name in [name for name, folder in named.items() if folder.is_symlink()]:
        groups.pop(name, None)  # what the layout names is a link: that is said, whatever else lies here
    zips, unusable = _zips(found, wanted, groups)
    packed = {
        name: paths
        for name, paths in zips.items()
        if name in wanted.some and not (name in named and named[name].is_symlink())
    }
    there = groups.keys() | packed.keys()
    # A notebook that tells nothing, beside one that does, is no submission of its own.
    untold = groups.pop("", []) if there & wanted.some else []
    for assignment in sorted(groups.keys() & (wanted.some | {""})):
        yield _choose(student, assignment, groups[assignment], found, untold)
    for assignment, paths in sorted(packed.items()):
        yield _choose_zip(student, assignment, paths, found, untold)
    empty = [name for name in sorted(named.keys() & wanted.some) if name not in there]
    for name in empty:
        folder = named[name]
        linked = folder.is_symlink()
        told = (
            f"The folder {printable(folder.name)} is a link; hand in the folder itself."
            if linked
            else _nothing(survey(folder), name, unusable)
        )
        path = folder / (name + SUFFIX)
        inside = [one for one in (*found.archives, *found.hidden) if folder in one.parents]
        yield Submission(student, name, path, place, problem=_also(told, found, inside))
    # Whoever has folders named for other assignments handed in those, and not what was asked for.
    if not empty and not there & (wanted.some | {""}) and (not named or _loose(found, named.values())):
        told = _unfit(groups, found, wanted, unusable)
        yield Submission(student, wanted.only, _expected(place, wanted.only), place, problem=told)


def _loose(found: Survey, named: Iterable[Path]) -> bool:
    """Whether something that may hold work lies outside the folders that are named for an assignment."""
    tops = {folder.name for folder in named}
    return any(path.relative_to(found.folder).parts[0] not in tops for path in found.archives + found.hidden)


def _by_assignment(found: Survey, wanted: Wanted) -> dict[str, list[Path]]:
    """The notebooks by the assignment they are of: by the folder they lie in, the mark in them, or their name."""
    groups: dict[str, list[Path]] = defaultdict(list)
    read = 0
    for path in found.notebooks + found.almost:
        inside = path.relative_to(found.folder).parts[:-1]
        of = next(filter(None, (assignment_in(part, wanted.ids) for part in inside)), "")
        if not of and read < _READ_LIMIT:
            read += 1
            mark = marked_assignment(path)
            of = mark if mark in wanted.ids else ""
        of = of or assignment_in(stem_of(path.name), wanted.ids, loosely=True)
        groups[of or wanted.only].append(path)
    return dict(groups)


def _zips(
    found: Survey,
    wanted: Wanted,
    groups: Collection[str],
) -> tuple[dict[str, list[Path]], dict[Path, str]]:
    """The zips in which work lies, by assignment, but for those of which a notebook lies here; and why others are of no
    use."""
    zips: dict[str, list[Path]] = defaultdict(list)
    unusable: dict[Path, str] = {}
    if "" not in groups and wanted.some <= set(groups):
        return zips, unusable
    for path in [path for path in found.archives if is_zip(path.name)][:_READ_LIMIT]:
        told, why = packed_assignment(path, wanted.ids)
        inside = path.relative_to(found.folder).parts[:-1]
        of = next(filter(None, (assignment_in(part, wanted.ids) for part in inside)), "") or told or wanted.only
        if why or not of:
            unusable[path] = why or "It does not tell which assignment it is of."
        elif of not in groups:
            zips[of].append(path)
    return zips, unusable


def _choose_zip(student: str, assignment: str, paths: list[Path], found: Survey, untold: list[Path]) -> Submission:
    rest = (*(path for path in found.archives if path not in paths), *untold, *found.hidden)
    if len(paths) == 1:
        return Submission(student, assignment, paths[0], found.folder, rest)
    told = (
        f"There are {len(paths)} archives with a notebook ({listed(paths, base=found.folder)}), so it cannot be "
        "told which one counts; hand in one."
    )
    return Submission(student, assignment, paths[0], found.folder, problem=told)


def _choose(student: str, assignment: str, paths: list[Path], found: Survey, untold: list[Path]) -> Submission:
    place = found.folder
    expected = place / assignment / (assignment + SUFFIX)
    others = (*paths, *untold, *found.archives, *found.hidden)
    names = listed(paths, base=place)
    if not assignment:
        told = (
            f"It cannot be told which assignment this is of: {names}. Put it into a folder that is named "
            "for the assignment, or name one."
        )
        return Submission(student, "", paths[0], place, others, _also(told, found, paths))
    clear = next((one for one in _clearest(paths, assignment, found) if len(one) == 1), [])
    if clear:
        rest = tuple(path for path in others if path != clear[0])
        return Submission(student, assignment, clear[0], place, rest)
    told = (
        f"There are {len(paths)} notebooks ({names}) and none is {assignment}/{expected.name}, so it cannot be "
        "told which one counts; hand in one."
    )
    return Submission(student, assignment, expected, place, others, _also(told, found, paths, untold))


def _clearest(paths: list[Path], assignment: str, found: Survey) -> Iterator[list[Path]]:
    """Ever wider choices of what may be meant; the first that holds a single path is it."""
    home = found.folder / assignment
    proper = [path for path in paths if path in set(found.notebooks)]
    yield [path for path in proper if path == home / (assignment + SUFFIX)]
    yield [path for path in proper if path.parent == home and stem_of(path.name).lower() == assignment]
    yield [path for path in proper if stem_of(path.name).lower() == assignment]
    yield [path for path in proper if path.parent == home]
    yield proper
    yield paths if not proper else []


def _expected(place: Path, assignment: str) -> Path:
    return place / (assignment + SUFFIX) if assignment else place


def _nothing(found: Survey, assignment: str, unusable: Mapping[Path, str]) -> str:
    """Why there is nothing to grade in a folder."""
    expected = f"expected {assignment}{SUFFIX}" if assignment else "expected a notebook"
    told = found.told()
    if not told:
        return f"There is no notebook in this submission; {expected}, but the folder is empty."
    reasons = [f" {shown(path.name)}: {why}" for path, why in unusable.items() if path in found.archives]
    advice = " Unpack the archive and hand in the notebook itself." if found.archives else ""
    return f"There is no notebook in this submission; {expected}, found {told}.{''.join(reasons) or advice}"


def _unfit(groups: dict[str, list[Path]], found: Survey, wanted: Wanted, unusable: Mapping[Path, str]) -> str:
    """Why nothing in the whole folder is a submission of what was asked for."""
    if not groups:
        return _nothing(found, wanted.only, unusable)
    other = listed(
        [f"{path.relative_to(found.folder)} of {of}" for of, paths in sorted(groups.items()) for path in paths]
    )
    return _also(
        f"There is no notebook of {' or '.join(sorted(wanted.some))} in this submission, but {other}; hand in "
        "the right one.",
        found,
        (),
    )


def _also(told: str, found: Survey, said: Collection[Path], untold: Collection[Path] = ()) -> str:
    """A message with what else lies there and may hold work."""
    more = [path for path in (*untold, *found.archives, *found.hidden) if path not in said]
    return f"{told} Beside it: {listed(more, base=found.folder)}." if more else told


def one_each(submissions: Iterable[Submission]) -> tuple[Submission, ...]:
    """One submission per student and assignment: of several, none is graded, since chance would say which counts."""
    groups: dict[tuple[str, str], list[Submission]] = defaultdict(list)
    for one in submissions:
        groups[look_of(one.student), one.assignment].append(one)
    return tuple(_merged(group) if len(group) > 1 else group[0] for group in groups.values())


def _merged(group: list[Submission]) -> Submission:
    # Of names that look alike, the one that says what is seen.
    first = next((one for one in group if one.student == look_of(one.student)), group[0])
    root = _common(group)
    paths = dict.fromkeys([*(one.path for one in group), *(other for one in group for other in one.others)])
    names = listed(list(paths), base=root)
    problems = " ".join({one.problem: None for one in group if one.problem})
    told = f"There are {len(group)} submissions under this name: {names}. Keep one of them. {problems}".strip()
    return replace(first, problem=told, others=())


def _common(group: list[Submission]) -> Path:
    root = group[0].path.parent
    while not all(one.path.is_relative_to(root) for one in group):
        root = root.parent
    return root
