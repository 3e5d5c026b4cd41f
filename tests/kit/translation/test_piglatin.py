"""The rules of Pig Latin, and the words that translators learn it from."""

from __future__ import annotations

import dataclasses
import hashlib
import subprocess
import sys
from importlib.resources import files
from statistics import mean

import pytest
from seq2kit.translation.piglatin import load_pairs, pig_latin, share


@pytest.mark.parametrize(
    ("word", "want"),
    [
        ("apple", "appleway"), ("eye", "eyeway"), ("a", "away"), ("oui", "ouiway"),  # a vowel begins the word
        ("pig", "igpay"), ("latin", "atinlay"), ("the", "ethay"),  # consonants before the first vowel move
        ("string", "ingstray"), ("school", "oolschay"), ("phlox", "oxphlay"),  # all of them
    ],
)  # fmt: skip
def test_vowels_get_way_and_leading_consonants_move(word: str, want: str) -> None:
    """A word that begins with a vowel gets "way"; else the whole cluster goes to the end, then "ay"."""
    assert pig_latin(word) == want


@pytest.mark.parametrize(
    ("word", "want"),
    [
        ("yes", "esyay"), ("yellow", "ellowyay"), ("style", "ylestay"), ("my", "ymay"), ("rhythm", "ythmrhay"),
        ("xylem", "ylemxay"), ("yttrium", "iumyttray"), ("y", "yay"), ("yyz", "yzyay"), ("ay", "ayway"),
    ],
)  # fmt: skip
def test_y_is_a_vowel_except_at_the_beginning(word: str, want: str) -> None:
    """y ends a cluster like any vowel, but a y that begins the word moves with the cluster."""
    assert pig_latin(word) == want


@pytest.mark.parametrize(
    ("word", "want"),
    [
        ("queen", "eenquay"), ("quiz", "izquay"), ("squad", "adsquay"), ("square", "aresquay"),
        ("qatar", "atarqay"), ("equal", "equalway"), ("quy", "yquay"), ("quuf", "ufquay"), ("qqueue", "eueqquay"),
    ],
)  # fmt: skip
def test_qu_moves_together(word: str, want: str) -> None:
    """The u after a q that moves goes with it, also after other consonants; a q without u is a consonant."""
    assert pig_latin(word) == want


@pytest.mark.parametrize(("word", "want"), [("hmm", "hmmay"), ("nth", "nthay"), ("qu", "quay"), ("b", "bay")])
def test_a_word_without_vowel_keeps_its_order(word: str, want: str) -> None:
    """Where nothing stays behind, the word gets "ay"."""
    assert pig_latin(word) == want


@pytest.mark.parametrize(
    ("word", "want"),
    [
        ("well-off", "ellway-offway"), ("mother-in-law", "othermay-inway-awlay"), ("co-op", "ocay-opway"),
        ("x-ray", "xay-ayray"), ("bow-yard", "owbay-ardyay"), ("t-square", "tay-aresquay"),
    ],
)  # fmt: skip
def test_the_parts_of_a_hyphenated_word_are_words(word: str, want: str) -> None:
    """Each part is translated by itself, y at the beginning of a part included, and hyphens stay."""
    assert pig_latin(word) == want


@pytest.mark.parametrize("word", ["", "-", "a-", "-a", "a--b", "Apple", "two words", "naïve", "l8r", "don't", "pig\n"])
def test_what_is_no_lower_case_word_is_refused(word: str) -> None:
    """Anything but letters a-z in parts joined by single hyphens raises ValueError, which shows the text."""
    with pytest.raises(ValueError, match="lower-case word") as caught:
        pig_latin(word)
    assert repr(word) in str(caught.value)


def test_sizes_are_as_announced() -> None:
    """About 3,200 and 16,000 pairs, with the mean lengths that the exercise states."""
    small, large = load_pairs("small"), load_pairs("large")
    assert 3100 < len(small.train) + len(small.validation) < 3300
    assert 15500 < len(large.train) + len(large.validation) < 16500
    assert len(small.validation) / (len(small.train) + len(small.validation)) == pytest.approx(0.2, abs=0.02)
    assert mean(len(word) for word, _ in large.train) == pytest.approx(7.7, abs=0.1)
    assert mean(len(translation) for _, translation in large.train) == pytest.approx(9.9, abs=0.1)


def test_small_and_large_are_judged_on_the_same_words() -> None:
    """Both sizes have the same validation pairs, and all other small pairs are for training in the large set too."""
    small, large = load_pairs("small"), load_pairs("large")
    assert small.validation == large.validation
    assert set(small.train) < set(large.train)


@pytest.mark.parametrize("size", ["small", "large"])
def test_no_word_is_seen_twice(size: str) -> None:
    """No word has two places, in one part or across both, and each comes with its translation by rule."""
    pairs = load_pairs(size)  # type: ignore[arg-type]
    words = [word for word, _ in pairs.train + pairs.validation]
    assert len(words) == len(set(words))
    assert all(pig_latin(word) == translation for word, translation in pairs.train + pairs.validation)
    assert all(word.isascii() and word.isalpha() and 3 <= len(word) <= 12 for word in words)


def test_every_rule_is_in_the_words_that_are_judged() -> None:
    """The validation words have clusters of one, two and three, initial and inner y, qu, and squ."""
    words = [word for word, _ in load_pairs("small").validation]
    for start in ("b", "br", "str", "y", "cy", "qu", "squ", "a"):
        assert any(word.startswith(start) for word in words), start


def test_the_split_is_a_hash_of_the_word() -> None:
    """Where a word goes follows from SHA-256 of its letters alone, which another program can repeat."""

    def by_hand(word: str, purpose: str) -> float:
        return int(hashlib.sha256(f"{purpose} {word}".encode()).hexdigest()[:12], 16) / 16**12

    pairs = load_pairs("small")
    assert all(share(word, "validation") == by_hand(word, "validation") < 0.2 for word, _ in pairs.validation)
    assert all(by_hand(word, "validation") >= 0.2 for word, _ in pairs.train)
    shipped = files("seq2kit").joinpath("data/words.txt").read_text(encoding="ascii").split()
    assert shipped == sorted(shipped)
    assert all(by_hand(word, "choose") < 0.4161 for word in shipped)


def test_another_process_gets_the_same_pairs() -> None:
    """The split does not depend on Python's own hash, which differs from process to process."""
    load = "from seq2kit.translation.piglatin import load_pairs; p = load_pairs('small')"
    code = f"{load}; print(p.train[::97], p.validation[::31])"
    found = {
        subprocess.run([sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True,
                       check=True).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    pairs = load_pairs("small")
    assert found == {f"{pairs.train[::97]} {pairs.validation[::31]}\n"}


def test_an_unknown_size_is_named() -> None:
    """A size that does not exist raises ValueError with the sizes that do."""
    with pytest.raises(ValueError, match='"small" or "large", not \'medium\''):
        load_pairs("medium")  # type: ignore[arg-type]


def test_pairs_cannot_be_changed() -> None:
    """Pairs are shared by everybody who loads them, so nobody can change them."""
    pairs = load_pairs("small")
    assert load_pairs("small") is pairs
    with pytest.raises(dataclasses.FrozenInstanceError):
        pairs.train = ()  # type: ignore[misc]


def test_the_word_list_comes_with_its_notice() -> None:
    """The notice of SCOWL, which its licence asks for, lies beside the words and says what was done to them."""
    notice = files("seq2kit").joinpath("data/NOTICE.txt").read_text(encoding="utf-8")
    assert "Kevin Atkinson" in notice
    assert "provided that the above copyright notice appears in all copies" in " ".join(notice.split())
    assert "wamerican-small" in notice
