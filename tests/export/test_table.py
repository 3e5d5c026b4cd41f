"""A file comes back byte for byte, but for the cells that were changed."""

from __future__ import annotations

import codecs
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import Seq2gradeError
from autograder.export.table import is_formula, read

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\ufeff"), max_size=12)


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5),
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.sampled_from([(b"", "utf-8"), (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le")]),
)
def test_reading_and_writing_change_nothing(
    rows: list[list[str]], delimiter: str, end: str, quoting: int, how: tuple[bytes, str]
) -> None:
    """Whatever the delimiter, quoting, line ends and mark: the same bytes, and the texts that Python's csv reads."""
    mark, encoding = how
    if end == "\r":  # Python's csv leaves a lone line break without quotes there
        quoting = csv.QUOTE_ALL
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([["Name", "ID", "x"], *rows])
    data = mark + buffer.getvalue().encode(encoding)
    table = read(data, "f.csv", ("name", "id"))
    assert table.dumps() == data
    assert table.rows == list(csv.reader(io.StringIO(buffer.getvalue(), newline=""), delimiter=delimiter))


@given(CELLS, st.booleans())
def test_a_changed_cell_is_read_as_it_was_meant(text: str, quoted: bool) -> None:
    """Any text can be put into a cell, and its neighbours stay."""
    table = read(b'Name,ID\n"a""b",1\n' if quoted else b"Name,ID\nab,1\n", "f.csv", ("name",))
    table.put(1, 0, text)
    again = read(table.dumps(), "f.csv", ("name",))
    assert again.rows == [["Name", "ID"], [text, "1"]]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (codecs.BOM_UTF8 + b" \r\n", "empty"),
        (b"Who,What\n1,2\n", "no column Name; its first line has 'Who', 'What'"),
        (b"%PDF-1.4\n", "no column Name"),
        ("Name\nJos\u00e9\n".encode("cp1252"), "--encoding"),
        ("Name\nAda\n".encode("utf-16-le"), "--encoding"),
        (b'Name,ID\n"Ada,1\n', "line 2: its quotes do not fit"),
        (b'Name,ID\n"a\nb",2\n"Ada"x,1\n', "line 4: its quotes do not fit"),
        (b"Name,ID\nAda\n", "line 2: 1 cells, and 2"),
    ],
)
def test_what_is_no_such_file_is_told(data: bytes, says: str) -> None:
    """The error names the file, the line where there is one, and what to do."""
    with pytest.raises(Seq2gradeError, match=r"^f\.csv") as caught:
        read(data, "f.csv", ("Name",))
    assert says in str(caught.value)


def test_an_encoding_can_be_named() -> None:
    """A file of an old spreadsheet comes back in its own letters; one that does not exist is told."""
    data = "Name,ID\nJos\u00e9,\u00fc\n".encode("cp1252")
    table = read(data, "f.csv", ("Name",), "cp1252")
    table.put(1, 1, "3")
    assert table.dumps() == "Name,ID\nJos\u00e9,3\n".encode("cp1252")
    with pytest.raises(Seq2gradeError, match="no known encoding"):
        read(data, "f.csv", ("Name",), "klingon")


FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "\r=1", " =1", "\uff1d1", "=", "--1", "+49 170"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_compute(text: str) -> None:
    """Each way to begin a formula is seen, and an apostrophe ends it."""
    assert is_formula(text)
    assert not is_formula(f"'{text}")


@pytest.mark.parametrize(
    "text", ["", "-", " ", "3", "-3", "+2.5", "1e-3", "-12,5", "85 %", "Ada", "a=b", "    Points Possible"]
)
def test_what_is_a_number_or_plain_text_stays(text: str) -> None:
    """Numbers stay numbers, and Moodle's dash for no grade stays."""
    assert not is_formula(text)
