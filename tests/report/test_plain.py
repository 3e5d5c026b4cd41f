"""Text from outside is made harmless once, for every format."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.report.plain import count, href, plain, points, seconds, worth
from tests.report.hostile import PAYLOADS

SURPRISING = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\x1b[]:#\x9b\u202e\ud800;m \n\r\x07\\")))


@given(SURPRISING)
def test_nothing_invisible_or_unencodable_is_left(text: str) -> None:
    """Whatever goes in, the result encodes as UTF-8 and holds no control, override or escape."""
    for lines in (False, True):
        result = plain(text, lines=lines)
        assert result.encode().decode() == result
        assert all(unicodedata.category(c) != "Cc" or (lines and c in "\n\t") for c in result)
        assert not set(result) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\x1b")


@given(SURPRISING)
def test_applying_it_twice_changes_nothing(text: str) -> None:
    """Code that is unsure whether a text was made plain may do it again."""
    for lines in (False, True):
        once = plain(text, lines=lines)
        assert plain(once, lines=lines) == once


@given(SURPRISING)
def test_no_line_reads_as_a_ci_command(text: str) -> None:
    """No line starts with two colons, and the older command form is broken wherever it stands."""
    result = plain(text, lines=True)
    assert not any(line.lstrip().startswith("::") for line in result.split("\n"))
    assert "##[" not in result


@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=":#"), max_size=200))
def test_ordinary_text_is_left_as_it_is(text: str) -> None:
    """Visible ASCII, the matter of error messages, comes out letter by letter."""
    assert plain(text) == text


def test_slices_keep_their_colons() -> None:
    """Only a colon pair that could open a command is broken apart."""
    assert plain("x[::2] and a::b") == "x[::2] and a::b"
    assert plain("::error::x") == ": :error::x"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_long_text_is_cut_with_a_mark(payload: str) -> None:
    """A megabyte of output becomes at most `limit` characters."""
    result = plain(payload * 50_000, limit=300)
    assert len(result) <= 300
    assert result.endswith("…")


def test_a_terminal_sequence_goes_with_its_parameters() -> None:
    """The text between two colour codes is kept, the codes are not."""
    assert plain("\x1b[1;31mred\x1b[0m and \x1b]8;;http://e.example\x1b\\link\x1b]8;;\x1b\\") == "red and link"


@pytest.mark.parametrize(
    ("target", "wanted"),
    [
        ("feedback/s1/feedback.html", "feedback/s1/feedback.html"),
        ("../s 1/ä.html", "../s%201/%C3%A4.html"),
        ("#item-3", "#item-3"),
        ("javascript:alert(1)", "javascript%3Aalert%281%29"),
        ("https://e.example/x", "https%3A//e.example/x"),
        ("//e.example/x", ""),
        ("\\\\e.example\\x", ""),
        ("/etc/passwd", ""),
        ('#"><script>', ""),
        ("a?b#c", "a%3Fb%23c"),
        ("", ""),
    ],
)
def test_links_stay_relative(target: str, wanted: str) -> None:
    """A link is an anchor of this page or a relative path; no scheme and no host survives."""
    assert href(target) == wanted


def test_numbers_read_as_people_write_them() -> None:
    """Points lose trailing zeros only; one is singular; durations have units."""
    assert [points(x) for x in (0, 4.0, 2.5, 1 / 3, 100, -0.001)] == ["0", "4", "2.5", "0.33", "100", "0"]
    assert [worth(1), worth(2.5), worth(0)] == ["1 point", "2.5 points", "0 points"]
    assert [seconds(0.42), seconds(12.3), seconds(185)] == ["0.4 s", "12 s", "3 min 5 s"]
    assert [count(0, "check"), count(1, "check"), count(1200, "check")] == [
        "no checks",
        "1 check",
        "1,200 checks",
    ]
