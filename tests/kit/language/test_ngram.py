"""N-gram models repeat what they counted, and fall back to less where they have seen nothing."""

from __future__ import annotations

import pytest
import torch
from seq2kit.language import ngram


def test_counts_are_those_of_the_text() -> None:
    """What came after the last tokens, as often as it came."""
    model = ngram.fitted([1, 2, 1, 3, 1, 2, 4], 2)
    assert model.after([9, 1]) == {2: 2, 3: 1}
    assert model.after([9, 9]) == {1: 3, 2: 2, 3: 1, 4: 1}
    assert ngram.fitted([1, 2, 1, 3, 1, 2, 4], 3).after([3, 1]) == {2: 1}


def test_a_sample_begins_with_its_start_and_repeats() -> None:
    """Where one thing alone ever came next, it comes; the same state of the generator gives the same text."""
    model = ngram.fitted([0, 1, 2, 3] * 5, 3)
    assert model.sample([1, 2], 5) == [1, 2, 3, 0, 1, 2, 3]
    mixed = ngram.fitted([0, 1, 0, 2, 0, 3, 0, 1], 2)
    one, again = (mixed.sample([0], 30, torch.Generator().manual_seed(4)) for _ in range(2))
    assert one == again
    assert set(one) == {0, 1, 2, 3}


def test_what_cannot_be_is_refused() -> None:
    """No n of zero, and no next token without a text."""
    with pytest.raises(ValueError, match="one token at least"):
        ngram.fitted([1, 2], 0)
    with pytest.raises(ValueError, match="no text"):
        ngram.fitted([], 2).after([1])
