"""Text becomes numbers and comes back; windows cover what they should; training and validation stay apart."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from seq2kit.language import corpus
from seq2kit.language.toy_english import toy_english


def test_a_corpus_of_the_toy_english_is_its_text() -> None:
    """Two parts of the sizes asked for, of different texts, in the grammar's own numbering."""
    made = corpus.from_automaton(toy_english(), train=2000, validation=500, seed=3)
    assert (len(made.train), len(made.validation), made.size) == (2000, 500, 70)
    assert made.train.dtype == made.validation.dtype == torch.int64
    assert not torch.equal(made.train[:500], made.validation)
    sentences = made.decode(made.train).split(" . ")[:-1]
    assert all(toy_english().accepts(f"{sentence} .") for sentence in sentences)
    assert torch.equal(made.encode(made.decode(made.train[:50])), made.train[:50])


def test_corpora_repeat_by_seed_and_share_no_memory() -> None:
    """The same seed gives the same text, also after somebody wrote into the first."""
    one = corpus.from_automaton(toy_english(), train=300, validation=100, seed=4)
    kept = one.train.clone()
    one.train.zero_()
    again = corpus.from_automaton(toy_english(), train=300, validation=100, seed=4)
    other = corpus.from_automaton(toy_english(), train=300, validation=100, seed=5)
    assert torch.equal(again.train, kept)
    assert not torch.equal(other.train, kept)
    assert not torch.equal(other.train[:100], again.validation)


def test_a_word_that_the_toy_english_lacks_is_refused() -> None:
    """It has no unknown token, so encoding names the stranger."""
    made = corpus.from_automaton(toy_english(), train=10, validation=10)
    with pytest.raises(ValueError, match="'zebra' is not one of the 70 tokens"):
        made.encode("the zebra")


def test_characters_of_a_text_come_back() -> None:
    """Every character is a token; the last share is validation; decoding gives the text again."""
    text = corpus.small_text()
    made = corpus.from_text(text, validation=0.2)
    assert len(made.train) + len(made.validation) == len(text)
    assert len(made.validation) == pytest.approx(0.2 * len(text), abs=1)
    assert made.decode(made.train) == text[: len(made.train)]
    assert made.size == len(set(text[: len(made.train)])) + 1
    assert torch.equal(made.encode(text[:200]), made.train[:200])


def test_words_are_lower_case_and_punctuation_stands_alone() -> None:
    """Words and marks are tokens; an apostrophe inside a word stays in it."""
    made = corpus.from_text("The cat, the cat's hat. " * 10, level="word", validation=0.5)
    assert set(made.tokens) == {corpus.UNKNOWN, "the", "cat", "cat's", "hat", ",", "."}
    assert made.decode(made.train[:7]) == "the cat , the cat's hat ."


def test_what_training_never_saw_is_unknown() -> None:
    """Tokens of the validation part alone, strangers, and rare ones beyond `most`, become token 0."""
    made = corpus.from_text("a b a b a b a b a b a b a b a b a b c c", level="word", validation=0.1)
    assert made.validation.tolist() == [0, 0]
    assert made.encode("a zebra").tolist() == [made.tokens.index("a"), 0]
    small = corpus.from_text("a a a b b b b c " * 5, level="word", most=2)
    assert small.tokens == (corpus.UNKNOWN, "a", "b")
    assert (small.train == 0).sum() > 0


def test_a_path_is_read_and_a_string_is_the_text(tmp_path: Path) -> None:
    """The same words, from a file or from memory, make the same corpus; a file name as text is explained."""
    path = tmp_path / "mine.txt"
    path.write_text("Ein Wörterbuch für alle. " * 9, encoding="utf-8")
    one, other = corpus.from_text(path), corpus.from_text("Ein Wörterbuch für alle. " * 9)
    assert one.tokens == other.tokens
    assert torch.equal(one.train, other.train)
    with pytest.raises(ValueError, match=r"pass Path\('mine.txt'\)"):
        corpus.from_text("mine.txt")
    with pytest.raises(ValueError, match="is the name of a file"):
        corpus.from_text(str(path))


@pytest.mark.parametrize(("share", "level"), [(0.0, "char"), (1.0, "char"), (0.1, "letters")])
def test_senseless_settings_are_refused(share: float, level: str) -> None:
    """A share outside (0, 1), or an unknown level, is a ValueError."""
    with pytest.raises(ValueError, match=r"share|level"):
        corpus.from_text("some text that is long enough", validation=share, level=level)  # type: ignore[arg-type]


def test_the_small_text_is_plain() -> None:
    """It is long enough for training, and ASCII throughout."""
    text = corpus.small_text()
    assert len(text) > 2500
    assert text.isascii()


def test_side_by_side_windows_predict_every_token_once() -> None:
    """Each window begins with the last token of the one before; a rest is left out."""
    found = corpus.windows(torch.arange(24), 5)
    assert found.shape == (4, 6)
    assert found[:, 1:].flatten().tolist() == list(range(1, 21))
    assert found[1:, 0].tolist() == found[:-1, -1].tolist()
    assert corpus.windows(torch.arange(6), 5).tolist() == [[0, 1, 2, 3, 4, 5]]


def test_random_windows_are_running_text_from_anywhere() -> None:
    """Length + 1 neighbours, from the first place to the last, repeatable by the generator."""
    ids = torch.arange(12)
    found = corpus.random_windows(ids, 4, 500, torch.Generator().manual_seed(0))
    assert found.shape == (500, 5)
    assert (found.diff(dim=1) == 1).all()
    assert set(found[:, 0].tolist()) == set(range(8))
    again = corpus.random_windows(ids, 4, 500, torch.Generator().manual_seed(0))
    assert torch.equal(found, again)


@pytest.mark.parametrize(("count", "length"), [(5, 5), (5, 0)])
def test_windows_that_do_not_fit_are_refused(count: int, length: int) -> None:
    """A text shorter than a window, or a window that predicts nothing, is a ValueError."""
    with pytest.raises(ValueError, match="window"):
        corpus.windows(torch.arange(count), length)
    with pytest.raises(ValueError, match="window"):
        corpus.random_windows(torch.arange(count), length, 3)


def test_corpora_need_two_tokens() -> None:
    """One token cannot be predicted from another."""
    with pytest.raises(ValueError, match="two tokens"):
        corpus.from_automaton(toy_english(), train=1, validation=10)
