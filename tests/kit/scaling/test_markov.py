"""The Markov source: what is computed in closed form agrees with what its samples show."""

from __future__ import annotations

import math

import numpy as np
import pytest
from seq2kit.scaling.markov import MarkovSource, zipf_source

SOURCE = zipf_source()
TOKENS = SOURCE.sample(6000, 33, seed=5)


def coin(stay: float) -> MarkovSource:
    """Two tokens, as frequent as each other, that stay with this probability."""
    return MarkovSource(np.array([0.5, 0.5]), np.array([[stay, 1 - stay], [1 - stay, stay]]))


def test_losses_of_a_sticky_coin_by_hand() -> None:
    """For two tokens that stay with probability 0.9 all four losses are what a pocket calculator says."""
    source = coin(0.9)
    by_hand = -(0.9 * math.log(0.9) + 0.1 * math.log(0.1))
    assert source.uniform_loss() == pytest.approx(math.log(2))
    assert source.unigram_loss() == pytest.approx(math.log(2))
    assert source.entropy() == pytest.approx(by_hand)
    assert source.bigram_loss() == pytest.approx(by_hand)
    assert coin(1.0).entropy() == 0.0


def test_source_is_stationary_with_zipf_frequencies() -> None:
    """Rows are laws, the frequencies fall as a power of the rank, and one step of the chain keeps them."""
    f, P = SOURCE.frequencies, SOURCE.transitions
    assert f.shape == (256,)
    assert P.shape == (256, 256)
    assert np.allclose(P.sum(1), 1.0, atol=1e-12)
    assert np.abs(f @ P - f).max() < 1e-12
    assert f[9] / f[0] == pytest.approx(10.0**-1.2)


def test_what_is_known_helps() -> None:
    """Knowing more costs less: uniform > unigram > bigram, and the bigram reaches the entropy here."""
    assert SOURCE.uniform_loss() > SOURCE.unigram_loss() + 1 > SOURCE.bigram_loss() + 2
    assert SOURCE.bigram_loss() == pytest.approx(SOURCE.entropy(), abs=1e-10)


def test_unigram_loss_agrees_with_monte_carlo() -> None:
    """The mean surprise of sampled tokens under the frequencies is the unigram loss, within four standard errors."""
    surprise = -np.log(SOURCE.frequencies[TOKENS])
    spread = surprise.mean(axis=1).std() / math.sqrt(len(TOKENS))
    assert abs(surprise.mean() - SOURCE.unigram_loss()) < 4 * spread
    assert spread < 0.01


def test_entropy_agrees_with_monte_carlo() -> None:
    """The mean surprise of sampled steps under the transitions is the entropy rate, within four standard errors."""
    surprise = -np.log(SOURCE.transitions[TOKENS[:, :-1], TOKENS[:, 1:]])
    spread = surprise.mean(axis=1).std() / math.sqrt(len(TOKENS))
    assert abs(surprise.mean() - SOURCE.entropy()) < 4 * spread
    assert spread < 0.01


@pytest.mark.parametrize("position", [0, 1, 16, 32])
def test_every_position_has_the_same_law(position: int) -> None:
    """Windows start in equilibrium: at each position tokens occur with the stationary frequencies."""
    counts = np.bincount(TOKENS[:, position], minlength=256)
    expected = SOURCE.frequencies * len(TOKENS)
    often = expected > 20
    z = (counts - expected)[often] / np.sqrt(expected[often])
    assert abs(z).max() < 4.5
    assert 0.5 < (z**2).mean() < 1.6


def test_samples_repeat_by_seed() -> None:
    """The same seed gives the same tokens, another seed others; ids lie in the vocabulary."""
    assert np.array_equal(SOURCE.sample(40, 9, seed=1), SOURCE.sample(40, 9, seed=1))
    assert not np.array_equal(SOURCE.sample(40, 9, seed=1), SOURCE.sample(40, 9, seed=2))
    assert TOKENS.min() >= 0
    assert TOKENS.max() < 256


def test_impossible_steps_never_happen() -> None:
    """A chain that must alternate alternates."""
    tokens = coin(0.0).sample(50, 7, seed=3)
    assert (tokens[:, 1:] != tokens[:, :-1]).all()


def test_contrast_lowers_the_entropy() -> None:
    """Without contrast the past says nothing; with more of it the entropy falls, at the same frequencies."""
    losses = [zipf_source(24, 1.0, contrast, 1).entropy() for contrast in (0.0, 1.0, 3.0)]
    assert losses[0] == pytest.approx(zipf_source(24, 1.0, 0.0, 1).unigram_loss())
    assert losses[0] > losses[1] > losses[2]


@pytest.mark.parametrize(("vocab", "contrast"), [(1, 1.0), (5, -1.0)])
def test_sources_that_make_no_sense_are_refused(vocab: int, contrast: float) -> None:
    """A single token, or negative contrast, is refused with a word about both."""
    with pytest.raises(ValueError, match="two tokens"):
        zipf_source(vocab, 1.0, contrast)
