"""A CSV file whose cells are read and changed while every other byte stays what it was."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from autograder.errors import Seq2gradeError

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DELIMITERS = ",;\t"
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?\s*%?\Z")
_FORMULA = re.compile(r"[\s\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")


@dataclass
class Table:
    """The file in pieces: `rows` are the cells' texts, `raw` the same as they were written; `ends` what stood behind
    each row. `line` of a row is where it begins, from 1."""

    delimiter: str
    mark: bytes
    encoding: str
    rows: list[list[str]] = field(default_factory=list)
    raw: list[list[str]] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def put(self, row: int, column: int, text: str) -> None:
        """Change a cell; one that was quoted stays quoted."""
        quoted = self.raw[row][column].startswith('"')
        self.rows[row][column] = text
        self.raw[row][column] = _written(text, self.delimiter, quoted)

    def dumps(self) -> bytes:
        """The file as it is now."""
        text = "".join(self.delimiter.join(row) + end for row, end in zip(self.raw, self.ends, strict=True))
        return self.mark + text.encode(self.encoding)


def read(data: bytes, name: str, wanted: tuple[str, ...], encoding: str = "") -> Table:
    """`data` as a table whose first row has the columns `wanted`, whatever their case. Raises Seq2gradeError that says
    what is wrong with it, and where."""
    text, mark, encoding = _decoded(data, name, encoding)
    if not text.strip():
        raise Seq2gradeError(f"{name}: the file is empty; export it from the learning platform once more")
    best: Table | None = None
    for delimiter in _DELIMITERS:
        table = Table(delimiter, mark, encoding)
        _scan(text, table, name, first=True)
        if not missing(table.rows[0], wanted):
            break
        if best is None or len(table.rows[0]) > len(best.rows[0]):
            best = table
    else:
        assert best is not None
        found = ", ".join(repr(cell.strip()[:40]) for cell in best.rows[0][:12])
        lacks = ", ".join(missing(best.rows[0], wanted))
        raise Seq2gradeError(f"{name}: no column {lacks}; its first line has {found}. Is it the file that --lms names?")
    table = Table(delimiter, mark, encoding)
    _scan(text, table, name)
    width = len(table.rows[0])
    for row, line in zip(table.rows, table.lines, strict=True):
        if len(row) != width and any(cell.strip() for cell in row):
            raise Seq2gradeError(
                f"{name}, line {line}: {len(row)} cells, and {width} in the first line; is a quote lost?"
            )
    return table


def missing(header: list[str], wanted: tuple[str, ...]) -> list[str]:
    """Those of `wanted` that are not there."""
    there = {cell.strip().casefold() for cell in header}
    return [name for name in wanted if name.casefold() not in there]


def is_number(text: str) -> bool:
    """Whether a spreadsheet takes the cell for a number."""
    return _NUMBER.match(text.strip()) is not None


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might compute the cell. Numbers, and the lone dash that means nothing, are none."""
    return _FORMULA.match(text) is not None and not is_number(text) and text.strip() not in ("-", "+", "")


def _decoded(data: bytes, name: str, encoding: str) -> tuple[str, bytes, str]:
    mark, known = next(((mark, known) for mark, known in _MARKS if data.startswith(mark)), (b"", "utf-8"))
    if encoding and not mark:
        known = encoding
    try:
        text = data[len(mark) :].decode(known)
    except (UnicodeDecodeError, LookupError) as error:
        told = "no known encoding" if isinstance(error, LookupError) else f"not {known}"
        raise Seq2gradeError(f"{name}: {told}; name the one it has by --encoding, such as cp1252") from error
    if "\0" in text:
        raise Seq2gradeError(
            f"{name}: no text file, or one in another encoding; name it by --encoding, such as utf-16-le"
        )
    if text.encode(known) != data[len(mark) :]:
        raise Seq2gradeError(f"{name}: {known} does not give it back as it is; save it as UTF-8 first")
    return text, mark, known


def _scan(text: str, table: Table, name: str, first: bool = False) -> None:
    """Cells and line ends of `text` into `table`; of the first row only where `first`."""
    piece = re.compile(rf'("[^"]*(?:""[^"]*)*"|(?!")[^{table.delimiter}\r\n]*)({table.delimiter}|\r\n|\r|\n|\Z)')
    at, line, begin = 0, 1, 1
    row: list[str] = []
    while at < len(text) or row:
        found = piece.match(text, at)
        if found is None:
            if first and text[at] == '"':
                found = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)").match(text, at)
            if found is None:
                raise Seq2gradeError(f"{name}, line {line}: its quotes do not fit; export the file once more")
        row.append(found[1])
        line += _breaks(found[0])
        at = found.end()
        if found[2] == table.delimiter and found[2]:
            continue
        table.raw.append(row)
        table.rows.append([_read(cell) for cell in row])
        table.ends.append(found[2])
        table.lines.append(begin)
        row, begin = [], line
        if first:
            return


def _breaks(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _read(raw: str) -> str:
    return raw[1:-1].replace('""', '"') if raw.startswith('"') else raw


def _written(text: str, delimiter: str, quoted: bool) -> str:
    if quoted or any(sign in text for sign in (delimiter, '"', "\r", "\n")):
        return '"' + text.replace('"', '""') + '"'
    return text
