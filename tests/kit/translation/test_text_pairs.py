"""Pairs from a file of one's own: every line is used or named."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from seq2kit.translation.piglatin import load_pairs
from seq2kit.translation.text_pairs import other_characters
from seq2kit.translation.translate import Vocabulary, batches, unigram_loss, vocabulary_of

LINES = [f"w{'abcdefghij'[k // 10]}{'abcdefghij'[k % 10]}\tü{'abcdefghij'[k % 10]}" for k in range(60)]


def written(folder: Path, content: bytes | str) -> Path:
    """A file with this content."""
    path = folder / "pairs.tsv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_every_line_becomes_a_pair(tmp_path: Path, end: str, mark: str) -> None:
    """Nothing is lost, whatever ends the lines and whether a byte order mark or a last line end is there."""
    for last in ("", end):
        pairs = load_pairs(written(tmp_path, mark + end.join(LINES) + last))
        assert sorted([*pairs.train, *pairs.validation]) == sorted(tuple(line.split("\t")) for line in LINES)
        assert pairs.train
        assert pairs.validation


def test_a_line_that_is_added_moves_no_other(tmp_path: Path) -> None:
    """What is kept back is decided by the source alone, and the file is read anew each time."""
    before = load_pairs(written(tmp_path, "\n".join(LINES)))
    after = load_pairs(written(tmp_path, "\n".join(["new\tneu", *LINES])))
    assert set(before.train) <= set(after.train)
    assert set(before.validation) <= set(after.validation)
    assert len(after.train) + len(after.validation) == 61


def test_letters_are_composed_and_spaces_taken_off(tmp_path: Path) -> None:
    """An umlaut in two parts is the letter, and spaces at the ends of a column do not count."""
    odd = unicodedata.normalize("NFD", " five \t fünf ")
    pairs = load_pairs(written(tmp_path, "\n".join([odd, *LINES])))
    assert ("five", "fünf") in [*pairs.train, *pairs.validation]


@pytest.mark.parametrize(("line", "told"), [
    ("no tab", "line 3: 0 tabs"), ("a\tb\tc", "line 3: 2 tabs"), ("\tb", "line 3: the source is empty"),
    ("a\t ", "line 3: the translation is empty"), ("", "line 3: 0 tabs"),
    ("a\tb\x0bc", "line 3: the translation has a"),
    ("waa\tother", "line 3: 'waa' stands in line 1, too"), (b"a\t\xff", "line 3: byte 3 is not UTF-8"),
])  # fmt: skip
def test_a_bad_line_is_named_with_its_number(tmp_path: Path, line: str | bytes, told: str) -> None:
    """The error names the file, the number of the line, and what is wrong with it."""
    bad = line if isinstance(line, bytes) else line.encode()
    content = b"\n".join([*(one.encode() for one in LINES[:2]), bad, *(one.encode() for one in LINES[2:])])
    with pytest.raises(ValueError, match=r"^pairs\.tsv: ") as caught:
        load_pairs(written(tmp_path, content))
    assert told in str(caught.value)


def test_many_bad_lines_are_counted(tmp_path: Path) -> None:
    """The first five are named, and how many more there are."""
    with pytest.raises(ValueError, match=r"line 1: .*line 5: .*; and 3 more$"):
        load_pairs(written(tmp_path, "x\n" * 8))


@pytest.mark.parametrize("content", ["", "a\tb\n"])
def test_too_few_pairs_are_refused(tmp_path: Path, content: str) -> None:
    """Where nothing could be kept back, or all of it, the error says so."""
    with pytest.raises(ValueError, match="too few"):
        load_pairs(written(tmp_path, content))


def test_the_vocabulary_grows_by_what_the_pairs_need(tmp_path: Path) -> None:
    """Further characters come behind the signs; what was there keeps its id, and words come back as they were."""
    pairs = load_pairs(written(tmp_path, "\n".join(LINES)))
    vocabulary = vocabulary_of(pairs)
    assert (vocabulary.more, len(vocabulary), vocabulary.encode("ü-")) == ("ü", 31, [30, 26])
    assert vocabulary.decode([*vocabulary.encode("üa"), vocabulary.eos]) == "üa"
    assert sum(len(batch.source) for batch in batches(pairs.train, vocabulary, 16)) == len(pairs.train)
    assert unigram_loss(pairs) > 0
    assert vocabulary_of(load_pairs("numbers")).more == " ßöü"
    assert vocabulary_of(load_pairs("small")) == Vocabulary()
    assert other_characters([("ab", "bà")], "b") == "aà"


@pytest.mark.parametrize("more", ["üü", "ea", "-"])
def test_a_character_has_one_id(more: str) -> None:
    """A further character that is there already raises ValueError."""
    with pytest.raises(ValueError, match="once"):
        Vocabulary(more=more)
