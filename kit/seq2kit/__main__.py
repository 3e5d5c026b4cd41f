"""python -m seq2kit check | handin: see a notebook as the grader will, and pack what is handed in.

Exit codes: 0 all is well; 1 something is likely to cost points; 2 there is nothing to look at.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from seq2kit.dryrun import DIED, ERROR, OK, TIMEOUT, WHOLE, NoKernel, Ran, run
from seq2kit.handin import pack, write
from seq2kit.homework import Homework, Item, NotHomework, find, read
from seq2kit.looks import NOTE, PROBLEM, Remark, look

PASSED, FAILED, NOT_RUN, UNANSWERED, PERSON = "passed", "failed", "not run", "not answered", "a person grades it"
_SIGNS = {PASSED: "✓", FAILED: "✗", NOT_RUN: "?", UNANSWERED: "○", PERSON: "✎", PROBLEM: "✗", NOTE: "·"}


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line. Returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):  # a terminal that knows no ✓ shows a question mark
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    asked = _parser().parse_args(arguments)
    try:
        homework = read(find(asked.notebook))
        return _check(homework, asked.json) if asked.command == "check" else _hand_in(homework, asked.output)
    except (NotHomework, NoKernel, OSError) as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m seq2kit", description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="run the notebook as the grader does, with its public tests")
    check.add_argument("--json", action="store_true", help="for programs: the same as JSON")
    hand_in = commands.add_parser("handin", help="pack the notebook and its models into one zip")
    hand_in.add_argument("-o", "--output", type=Path, help="the zip to write; <assignment>-handin.zip when left out")
    for one in (check, hand_in):
        one.add_argument("notebook", type=Path, nargs="?", help="a notebook, or the folder in which it lies")
    return parser


def _check(homework: Homework, as_json: bool) -> int:
    packed = pack(homework)
    cells = run(homework, {**packed.given, **packed.files}, None if as_json or not sys.stderr.isatty() else _progress)
    rows = [(item, *verdict(homework, item, cells)) for item in homework.items]
    tests = {item.tests for item in homework.items if item.tests}
    remarks = [
        *_of_run(homework, cells, tests),
        *look(homework, packed.modules),
        *(one for one in packed.remarks if one.kind == PROBLEM),
    ]
    fine = all(state in (PASSED, PERSON) for _, state, _ in rows) and not any(one.kind == PROBLEM for one in remarks)
    if as_json:
        told = {"assignment": homework.assignment, "fine": fine,
                "items": [{"id": item.id, "title": item.title, "state": state, "message": message}
                          for item, state, message in rows],
                "remarks": [{"kind": one.kind, "text": one.text} for one in remarks]}  # fmt: skip
        print(json.dumps(told, indent=2))
    else:
        _show_check(homework, rows, remarks)
    return 0 if fine else 1


def verdict(homework: Homework, item: Item, cells: Sequence[Ran]) -> tuple[str, str]:
    """(state, message) of one item after the run."""
    if item.answer in homework.unanswered:
        return UNANSWERED, ""
    if not item.tests:
        return PERSON, ""
    ran = next((one for one in cells if one.name == item.tests), None)
    if ran is None:
        return NOT_RUN, "the cell with its public tests is missing"
    if ran.status == OK:
        return PASSED, ""
    return (FAILED if ran.status in (ERROR, TIMEOUT, DIED) else NOT_RUN), ran.message


def _of_run(homework: Homework, cells: Sequence[Ran], tests: set[str]) -> list[Remark]:
    """What a run told beyond the public tests."""
    found = []
    room = int(homework.limits.get("output_kb", 1024)) * 1024
    for one in cells:
        where = f"Cell {one.name}" if one.name else f"Your own cell (number {one.place + 1})"
        if one.printed > room:
            found.append(Remark(NOTE, f"{where} prints more than the {room // 1024} kB that are kept of a cell."))
        if one.name in tests or one.name in homework.unanswered or one.status not in (ERROR, TIMEOUT, DIED):
            continue
        found.append(Remark(PROBLEM if one.status == DIED else NOTE, f"{where} stops: {one.message}"))
    if sum(one.printed for one in cells) > WHOLE * room:
        found.append(Remark(NOTE, f"The notebook prints more than the {WHOLE * room // 2**20} MB that are kept of it."))
    return found


def _show_check(homework: Homework, rows: Sequence[tuple[Item, str, str]], remarks: Sequence[Remark]) -> None:
    print(f"{homework.path.name}: {homework.assignment}, {_saved(homework)}\n")
    wide = max((len(item.title) for item, _, _ in rows), default=0)
    for item, state, message in rows:
        told = f": {message}" if message else ""
        print(f"  {_SIGNS[state]} {item.title:<{wide}}  {state}{told}".replace("\n", "\n      "))
    _show(remarks)
    passed = sum(state == PASSED for _, state, _ in rows)
    tested = sum(bool(item.tests) for item, _, _ in rows)
    print(f"\nPublic tests: {passed} of {tested} items passed. The grader has further tests, with other numbers.")


def _saved(homework: Homework) -> str:
    """When the file was saved: what is looked at is the file, and an editor may hold more."""
    return time.strftime("as saved at %H:%M", time.localtime(homework.path.stat().st_mtime))


def _hand_in(homework: Homework, output: Path | None) -> int:
    name = f"{homework.assignment}-handin.zip"
    path = output or homework.path.parent / name
    path = path / name if path.is_dir() else path
    if path.suffix.lower() != ".zip":
        raise NotHomework(f"{path} should end in .zip.")
    packed = pack(homework)
    write(packed.files, path)
    models = sum(one.endswith(".safetensors") for one in packed.files)
    print(f"{path}  ({max(1, path.stat().st_size // 1024)} kB), the notebook {_saved(homework)}")
    for one in packed.files:
        if not one.endswith(".safetensors"):
            print(f"  {one}")
    if models:
        print(f"  {models} trained model{'s' if models > 1 else ''}")
    unanswered = [item.title for item in homework.items if item.answer in homework.unanswered]
    remarks = [*packed.remarks, *([Remark(NOTE, f"Not answered: {', '.join(unanswered)}.")] if unanswered else [])]
    _show(remarks)
    if any(one.kind == PROBLEM for one in remarks):
        print("\nThe zip can be handed in as it is, but would cost points.")
        return 1
    print("\nHand in this one file.")
    return 0


def _show(remarks: Sequence[Remark]) -> None:
    for kind, head in ((PROBLEM, "Look at this before you hand in:"), (NOTE, "Good to know:")):
        texts = list(dict.fromkeys(one.text for one in remarks if one.kind == kind))
        if texts:
            print(f"\n{head}")
            for text in texts:
                print(f"  {_SIGNS[kind]} {text}")


def _progress(done: int, count: int) -> None:
    print(f"\r  cell {done + 1} of {count} ", end="\r" if done + 1 == count else "", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
