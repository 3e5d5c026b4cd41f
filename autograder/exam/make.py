"""One run of `exam make`: papers drawn, the assignment written and built, and what students and markers get."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder import publish
from autograder.deadlines import EXTENSIONS
from autograder.errors import BuildError, GradebookError, Seq2gradeError
from autograder.exam.assemble import assemble
from autograder.exam.blueprint import Blueprint
from autograder.exam.booklet import booklet
from autograder.exam.folder import MISTAKES, folder_files
from autograder.exam.later import opened, write_extensions
from autograder.exam.printed import answer_of, key_pdf, paper_pdf
from autograder.exam.sheet import sheet_of
from autograder.gradebook.kept import KEPT, private_folder
from autograder.gradebook.signed import key_of
from autograder.notebooks import read_notebook
from autograder.questions.bank import BANK, load_bank
from autograder.questions.paper import PAPERS, Papers, read_papers
from autograder.writing import replace_file

EXAMS = BANK.parent


@dataclass(frozen=True)
class Made:
    """What was made: `students` have a paper, `added` those of them who had none before; `notes` are for the eye."""

    papers: Path
    key: Path
    students: tuple[str, ...]
    added: tuple[str, ...]
    notes: tuple[str, ...] = ()


def secret_of(root: Path) -> bytes:
    """The course's secret, made where there is none: the key that signs grades, of which Draws makes others for each
    purpose. Raises GradebookError."""
    try:
        private_folder(root / KEPT)
    except OSError as error:
        raise GradebookError(f"{root / KEPT} cannot be made: {error.strerror}.") from error
    return key_of(root / KEPT)


def make(root: Path, blueprint: Blueprint, students: Sequence[str], sandbox: str = "auto", anew: bool = False) -> Made:
    """Papers for these students, beside those that were issued already; `anew` draws all of them again.

    Raises AssignmentError for a blueprint or a bank that cannot be used, BuildError when the exam does not build,
    Seq2gradeError when papers were issued from another blueprint."""
    if blueprint.path.resolve().parent != (root / EXAMS).resolve():
        raise Seq2gradeError(
            f"{blueprint.path}: expected a blueprint in {root / EXAMS}, where all of the exam will lie"
        )
    bank = load_bank(root)
    folder = root / "assignments" / blueprint.id
    issued = _issued(folder, blueprint, anew)
    before = frozenset(issued.students) if issued is not None else frozenset()
    papers = assemble(blueprint, bank, secret_of(root), sorted({*students, *before}), issued)
    form = _write(folder, folder_files(blueprint, papers))
    notes = _time(root, blueprint, papers)
    _build(root, blueprint.id, form, sandbox)
    titles = {one.id: one.title for one in bank.values()}
    place = hand_out(root, blueprint, papers)
    key = write_key(root, blueprint, papers, titles)
    wanted = sum(one.minutes for one in papers.papers[papers.students[0]].questions)
    if wanted > blueprint.table.minutes:
        notes.append(f"the questions take about {wanted} minutes, and there are {blueprint.table.minutes}")
    return Made(place, key, papers.students, tuple(sorted(set(papers.students) - before)), tuple(notes))


def _issued(folder: Path, blueprint: Blueprint, anew: bool) -> Papers | None:
    if not folder.exists():
        return None
    if not (folder / PAPERS).is_file():
        raise Seq2gradeError(f"{folder} is an assignment and no exam; give the blueprint another name")
    if anew:
        return None
    issued = read_papers(folder / PAPERS)
    if issued.blueprint != blueprint.digest:
        told = "papers were issued from other sections than those that stand there now"
        raise Seq2gradeError(f"{blueprint.path}: {told}; put them back, or draw all papers again by --anew")
    return issued


def _write(folder: Path, files: Mapping[str, str]) -> bool:
    """Write the assignment; whether anything but the papers has changed. Raises OSError."""
    for path in (folder / MISTAKES).glob("*.toml"):  # of questions that there were before papers were drawn anew
        if f"{MISTAKES}/{path.name}" not in files:
            path.unlink()
    changed = False
    for name, text in files.items():
        path = folder / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            changed |= name != PAPERS
            replace_file(path, text, 0o600 if name == PAPERS else 0o644)
    return changed


def _build(root: Path, exam: str, form: bool, sandbox: str) -> None:
    """Build the form if it has changed, or is not what was built: who comes later gets one that was proved already.
    Raises BuildError."""
    if not form and not any(report.problems for report in publish.build(root, [exam], check=True)):
        return
    for report in publish.build(root, [exam], sandbox=sandbox):
        if report.problems:
            raise BuildError(f"{exam} is {report.summary}:\n" + "\n".join(report.problems))


def _time(root: Path, blueprint: Blueprint, papers: Papers) -> list[str]:
    """More time stands where all extensions stand."""
    began = opened(root, blueprint.id)
    later = {name: blueprint.until(name, began[name]) for name in papers.students if name in began}
    if blueprint.table.closes is None:
        later = {name: blueprint.until(name) for name in papers.students if blueprint.table.extra_minutes.get(name)}
    fresh = not (root / EXTENSIONS).exists()
    write_extensions(root, blueprint.id, later)
    unknown = sorted(set(blueprint.table.extra_minutes) - set(papers.students))
    notes = [f"extra_minutes names {', '.join(unknown)}, who has no paper"] if unknown else []
    if later and fresh:
        notes.append(f"{EXTENSIONS} is new: from now on it decides about more time, for every assignment")
    return notes


def hand_out(root: Path, blueprint: Blueprint, papers: Papers, only: str | None = None) -> Path:
    """Write the notebook and the printed paper of each student, and one file with all papers to print; where each
    begins alone, of those only who have begun. Returns their folder, in which no key lies. Raises OSError."""
    release = read_notebook(root / "release" / blueprint.id / f"{blueprint.id}.ipynb")
    place = root / EXAMS / blueprint.id / "papers"
    private_folder(place.parent)
    began = opened(root, blueprint.id)  # who began has a clock of their own
    sheets = []
    alone = blueprint.table.closes is not None
    for student in papers.students if only is None else (only,):
        if alone and student not in began:
            continue
        sheet = sheet_of(blueprint, papers.papers[student], began.get(student))
        text = json.dumps(booklet(release, sheet), ensure_ascii=False, indent=1) + "\n"
        replace_file(place / student / f"{blueprint.id}.ipynb", text, 0o644)
        replace_file(place / student / f"{blueprint.id}.pdf", paper_pdf([sheet]), 0o644)
        sheets.append(sheet)
    if only is None and sheets:
        replace_file(place.parent / "print.pdf", paper_pdf(sheets), 0o600)
    return place


def write_key(root: Path, blueprint: Blueprint, papers: Papers, titles: dict[str, str]) -> Path:
    """The key as PDF, and as JSON beside it: student -> question -> answer. Raises OSError."""
    place = root / EXAMS / blueprint.id / "key"
    chosen = [papers.papers[student] for student in papers.students]
    answers = {
        paper.student: {
            one.name: {"question": one.template, "source": one.source, "answer": answer_of(one), "points": one.points}
            for one in paper.questions
        }
        for paper in chosen
    }
    replace_file(place / "key.json", json.dumps(answers, indent=1, ensure_ascii=False) + "\n", 0o600)
    pdf = key_pdf(blueprint.table.title, chosen, titles, blueprint.table.opens)
    return replace_file(place / "key.pdf", pdf, 0o600)
