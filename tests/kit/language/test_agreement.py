"""Minimal pairs of toy English: right sentences that differ in the subject, and what can be known without seeing it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from seq2kit.language import agreement
from seq2kit.language.toy_english import VERBS, toy_english

ENGLISH = toy_english()


def texts(clauses: int, count: int = 6, length: int = 40, seed: int = 2) -> list[list[list[str]]]:
    pairs = agreement.minimal_pairs(clauses, count, length=length, seed=seed)
    assert pairs.shape == (count, 2, length)
    return [[ENGLISH.words(text.tolist()) for text in pair] for pair in pairs]


@pytest.mark.parametrize("clauses", [0, 1, 3])
def test_a_pair_differs_in_its_subject_alone(clauses: int) -> None:
    """One word differs, four words before the end for each clause; then come verbs of the right number, or a clause."""
    for one, many in texts(clauses):
        (place,) = (k for k, (a, b) in enumerate(zip(one, many, strict=True)) if a != b)
        assert place == 40 - 1 - 4 * clauses
        assert one[place + 1 :].count("that") == clauses
        start = 40 - one[::-1].index(".")
        for number, text in enumerate((one, many)):
            broken = ENGLISH.first_break([*text[start:], "again"])
            assert broken is not None
            assert broken.place == 40 - start
            right = {pair[number] for verbs in VERBS.values() for pair in verbs}
            assert set(broken.expected) - {"that"} <= right
            assert len(broken.expected) == 3


def test_every_text_is_running_text() -> None:
    """The grammar holds from the first word to the last, and text stands before the sentence."""
    pairs = agreement.minimal_pairs(2, 30, length=24, seed=4)
    assert np.isfinite(ENGLISH.surprise(pairs.numpy())).all()
    assert (pairs[..., 12:14] == ENGLISH.numbers["."]).any(-1).all()  # ten words follow, or eleven with an adjective


def test_pairs_repeat_by_seed() -> None:
    """One seed, the same pairs; another seed, others; not all sentences are alike."""
    first, again, other = (agreement.minimal_pairs(2, 20, length=32, seed=seed) for seed in (5, 5, 6))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert len({tuple(text[-9:].tolist()) for text in first[:, 0]}) > 10


def test_who_does_not_see_the_subject_is_right_in_one_half() -> None:
    """To the last pair: four words show the subject of no clause at most, twelve of two, forty-seven of all."""
    for words, reach in ((1, 0), (4, 0), (8, 1), (12, 2), (40, 4)):
        found = [agreement.of_last_words(words, clauses, 12, length=40, seed=7) for clauses in range(5)]
        assert found == [1.0] * (reach + 1) + [0.5] * (4 - reach)


def test_a_model_is_asked_at_the_end_of_each_text() -> None:
    """One that looks at the first difference of the pair is right or wrong everywhere; one that does not, in half."""
    forms = torch.tensor([[ENGLISH.numbers[pair[k]] for row in VERBS.values() for pair in row] for k in (0, 1)])

    def expects(number: int, ids: torch.Tensor) -> torch.Tensor:
        logits = torch.zeros(*ids.shape, 70)
        logits[:, -1, forms[number]] = 3.0
        return logits

    def knows(ids: torch.Tensor) -> torch.Tensor:
        rows = [expects(number % 2, row[None]) for number, row in enumerate(ids)]
        return torch.cat(rows)

    assert agreement.of_model(knows, 2, 5) == 1.0
    assert agreement.of_model(lambda ids: -knows(ids), 2, 5) == 0.0
    assert agreement.of_model(lambda ids: expects(0, ids), 2, 5) == 0.5
    assert agreement.of_model(lambda ids: torch.zeros(*ids.shape, 70), 2, 5) == 0.0  # undecided is not right


def test_what_does_not_fit_is_refused() -> None:
    """A sentence longer than the text, counts that make no sense, distributions of another form."""
    with pytest.raises(ValueError, match="does not fit into 19 words"):
        agreement.minimal_pairs(4, 1, length=19)
    for clauses, count in ((-1, 1), (1, 0)):
        with pytest.raises(ValueError, match="0 or more clauses"):
            agreement.minimal_pairs(clauses, count)
    with pytest.raises(ValueError, match=r"\(count, 2, 70\)"):
        agreement.accuracy(torch.zeros(3, 70))
