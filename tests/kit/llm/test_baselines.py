"""What language models are compared with."""

from __future__ import annotations

import pytest
import torch
from seq2kit.llm import NGramModel, serving
from seq2kit.llm.remote import RemoteModel

TEXT = "the cat sat on the mat. the dog sat on the cat."


def test_an_ngram_writes_what_came_next() -> None:
    """Greedy, a trigram model goes on as its text does, and takes the first word of equals in the order of the
    alphabet; every word comes with the space before it."""
    model = NGramModel(TEXT)
    assert model.generate("the dog", max_new_tokens=6).text == " sat on the cat. the"
    assert model.decode(model.encode(TEXT)) == TEXT


def test_its_shares_are_counts() -> None:
    """After "on the" the text has mat once and cat once; of a word that it never had, each word by its frequency."""
    model = NGramModel(TEXT)
    shares = model.logits(model.encode(" on the")).softmax(0)
    assert {model.decode([int(token)]) for token in shares.nonzero()} == {" mat", " cat"}
    torch.testing.assert_close(shares.max(), torch.tensor(0.5, dtype=torch.float64))
    nothing = model.logits(model.encode("zebra")).softmax(0)
    assert int((nothing > 0).sum()) == model.vocabulary


def test_it_is_served_as_any_other() -> None:
    """A baseline has the same text here and through the server."""
    model = NGramModel(TEXT, 2, name="pairs")
    with serving(model) as address:
        far = RemoteModel(address)
        for seed in range(3):
            want = model.generate("the", temperature=1.0, seed=seed, max_new_tokens=9)
            assert far.generate("the", temperature=1.0, seed=seed, max_new_tokens=9).text == want.text


def test_no_text_is_refused() -> None:
    """There is nothing to count."""
    with pytest.raises(ValueError, match="one word at least"):
        NGramModel(" \n ")
