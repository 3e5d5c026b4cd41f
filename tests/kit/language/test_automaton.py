"""The best possible losses of an automaton are exact, and it knows its own grammar."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from seq2kit.language.automaton import Automaton
from seq2kit.language.toy_english import toy_english


def coin(p: float = 0.25) -> Automaton:
    """Two states. 'a' stays in the first with probability p; 'b' leads to the second, which always says 'a'."""
    return Automaton(("a", "b"), ("one", "two"), np.array([[p, 1 - p], [1.0, 0.0]]), np.array([[0, 1], [0, -1]]), (0,))


def entropy(*probabilities: float) -> float:
    return -sum(p * math.log(p) for p in probabilities if p > 0)


def text(count: int, seed: int = 5) -> np.ndarray:
    return toy_english().sample(count, seed)


def test_a_small_automaton_agrees_with_pencil_and_paper() -> None:
    """Shares 4/7 and 3/7, entropy rate 4/7 H(1/4), unigram loss H(3/7), and a bigram loss by Bayes' rule."""
    automaton = coin()
    assert automaton.stationary == pytest.approx([4 / 7, 3 / 7])
    assert automaton.entropy_rate == pytest.approx(4 / 7 * entropy(0.25, 0.75))
    assert automaton.unigram_loss == pytest.approx(entropy(3 / 7, 4 / 7))
    # after 'b' comes 'a' for certain; after 'a' the state is the first for certain
    assert automaton.bigram_loss == pytest.approx(4 / 7 * entropy(0.25, 0.75))
    assert automaton.size == 2


def test_toy_english_has_the_size_it_says() -> None:
    """Seventy words, eighty-five states, five states in which a sentence may begin."""
    automaton = toy_english()
    assert (automaton.size, len(automaton.states), len(automaton.starts)) == (70, 85, 5)
    assert automaton.stationary.sum() == pytest.approx(1)
    assert automaton.stationary @ automaton._transitions == pytest.approx(automaton.stationary)


def test_the_entropy_rate_agrees_with_monte_carlo() -> None:
    """The best predictor's mean surprise on 300,000 sampled tokens is the entropy rate, within 4 standard errors."""
    automaton = toy_english()
    surprise = automaton.surprise(text(300_000).reshape(-1, 1000))[:, 100:].ravel()
    # neighbours are correlated: the error of the mean from blocks of 900
    blocks = surprise[: len(surprise) // 900 * 900].reshape(-1, 900).mean(1)
    error = blocks.std() / math.sqrt(len(blocks))
    assert error < 0.004
    assert abs(blocks.mean() - automaton.entropy_rate) < 4 * error


@pytest.mark.parametrize("order", [1, 2, 3])
def test_n_gram_losses_agree_with_counts(order: int) -> None:
    """Entropies from the counts of all n-grams in 400,000 tokens come within 0.01 of the closed form."""
    words = text(400_000).tolist()

    def joint(n: int) -> float:
        counts = Counter(zip(*(words[k:] for k in range(n)), strict=False))
        return entropy(*(count / (len(words) - n + 1) for count in counts.values()))

    estimate = joint(order) - (joint(order - 1) if order > 1 else 0.0)
    assert toy_english().losses_by_context(order - 1)[-1] == pytest.approx(estimate, abs=0.01)


def test_more_context_never_hurts_and_ends_at_the_entropy_rate() -> None:
    """Losses fall with each token of context, from the unigram loss, through the bigram loss, to the entropy."""
    automaton = toy_english()
    losses = automaton.losses_by_context(200)
    assert losses[0] == automaton.unigram_loss < math.log(70)
    assert losses[1] == automaton.bigram_loss
    assert all(a >= b - 1e-12 for a, b in pairwise(losses))
    assert losses[-1] == pytest.approx(automaton.entropy_rate, abs=2e-4)
    assert losses[4] - automaton.entropy_rate > 0.02, "agreement needs more than four words"


def test_the_floor_for_a_window_is_what_the_best_predictor_reaches_there() -> None:
    """On windows cut from a text, its mean surprise from the second token on is window_loss, within 4 errors."""
    automaton = toy_english()
    windows = text(33 * 4000).reshape(-1, 33)
    means = automaton.surprise(windows)[:, 1:].mean(1)
    error = means.std() / math.sqrt(len(means))
    assert error < 0.006
    assert abs(means.mean() - automaton.window_loss(32)) < 4 * error
    assert automaton.entropy_rate < automaton.window_loss(64) < automaton.window_loss(32)


def test_an_n_gram_model_is_compared_on_the_same_windows() -> None:
    """Who sees the last k words of a window at most has fewer at its start, and so loses more than in the long run."""
    automaton = toy_english()
    losses = automaton.losses_by_context(4)
    assert automaton.window_loss(3, seen=2) == pytest.approx((losses[1] + 2 * losses[2]) / 3)
    assert automaton.window_loss(64, seen=1) == pytest.approx(automaton.bigram_loss)
    assert automaton.window_loss(64) < automaton.window_loss(64, seen=12) < automaton.window_loss(64, seen=4)
    assert automaton.window_loss(64, seen=4) > losses[4]
    assert automaton.window_loss(8, seen=99) == automaton.window_loss(8)


def test_the_next_token_is_expected_as_the_grammar_says() -> None:
    """After "the boats that the whale follows" come plural verbs or "that"; seen without the boats, verbs of either
    number; and what a distribution gives a token is the surprise that the token has there."""
    automaton = toy_english()
    ids = np.array([automaton.numbers[word] for word in ["the", "boats", "that", "the", "whale", "follows", "carry"]])
    whole, cut = automaton.next_token(ids[None, :-1])[0], automaton.next_token(ids[2:-1])
    assert whole.shape == cut.shape == (70,)
    assert {automaton.tokens[k] for k in np.flatnonzero(whole)} == {"that", "follow", "carry"}
    assert {automaton.tokens[k] for k in np.flatnonzero(cut)} == {"that", "follow", "carry", "follows", "carries"}
    assert whole.sum() == pytest.approx(1)
    assert -np.log(whole[ids[-1]]) == pytest.approx(automaton.surprise(ids)[-1])


def test_surprise_is_chain_rule_by_brute_force() -> None:
    """The probabilities of a whole window multiply to the sum over all paths through the states."""
    automaton = toy_english()
    window = text(12)
    paths = automaton.stationary.copy()
    for token in window:
        after = np.zeros_like(paths)
        for state in np.flatnonzero(paths):
            if automaton.probabilities[state, token]:
                after[automaton.following[state, token]] += paths[state] * automaton.probabilities[state, token]
        paths = after
    assert automaton.surprise(window).sum() == pytest.approx(-math.log(paths.sum()))
    assert automaton.surprise(np.stack([window, window[::-1]])).shape == (2, 12)


def test_a_broken_rule_is_an_infinite_surprise_once() -> None:
    """Where the grammar breaks the surprise is infinite; what follows is judged as from a fresh start."""
    automaton = toy_english()
    broken = [automaton.numbers[word] for word in ("that", "that", "the", "boat", "follows")]
    surprise = automaton.surprise(broken)
    assert np.isfinite(surprise[[0, 2, 3, 4]]).all()
    assert np.isinf(surprise[1])


def test_samples_repeat_by_seed_and_follow_the_grammar() -> None:
    """One seed, one text; another seed, another; every full sentence of a sample is accepted."""
    automaton = toy_english()
    assert (text(500, 1) == text(500, 1)).all()
    assert (text(500, 1) != text(500, 2)).any()
    assert text(500, 1).dtype == np.int64
    sentences = " ".join(automaton.words(text(20_000))).split(" . ")[:-1]
    assert len(sentences) > 1000
    assert all(automaton.accepts(f"{sentence} .") for sentence in sentences)
    assert np.array_equal(text(50, 1), text(500, 1)[:50])


def test_samples_visit_states_as_often_as_the_stationary_shares_say() -> None:
    """The frequencies of the words of a long sample are those of the stationary distribution."""
    automaton = toy_english()
    counts = np.bincount(text(300_000), minlength=70) / 300_000
    assert np.abs(counts - automaton.stationary @ automaton.probabilities).max() < 0.003


@pytest.mark.parametrize(
    ("sentence", "place", "word"),
    [
        ("the boat carry the sailor .", 2, "carry"),
        ("the boats that the whale follows carries the sailor .", 6, "carries"),
        ("the boats that the whale follow carry the sailor .", 5, "follow"),
        ("a boats carry the sailor .", 1, "boats"),
        ("many boat carries the sailor .", 1, "boat"),
        ("the boat heats the sailor .", 2, "heats"),
        ("the boat carries the song .", 4, "song"),
        ("the boat carries the sailor", 5, ""),
        ("", 0, ""),
        ("the boat flies .", 2, "flies"),
        ("the boat carries the sailor . again .", 6, "again"),
        ("boat carries the sailor .", 0, "boat"),
    ],
)
def test_the_first_break_of_a_sentence_is_found(sentence: str, place: int, word: str) -> None:
    """Number, topic, determiner, order, unknown words and a missing full stop: each is found where it is."""
    found = toy_english().first_break(sentence)
    assert found is not None
    assert (found.place, found.word) == (place, word)
    assert word not in found.expected
    assert not toy_english().accepts(sentence)


def test_right_sentences_are_accepted_as_text_and_as_words() -> None:
    """Agreement across one and two relative clauses, adjectives, adverbs and several objects."""
    for sentence in (
        "the boats that the whale follows carry the sailor .",
        "every wet grey boat that the whales follow that the sailor carries follows the boats again .",
        "many teachers read the book and the pupils today .",
    ):
        assert toy_english().accepts(sentence)
        assert toy_english().accepts(sentence.split())


def test_expected_words_are_those_that_may_come() -> None:
    """At the break of agreement, the words that could have stood there agree."""
    found = toy_english().first_break("the boats that the whale follows carries")
    assert found is not None
    assert set(found.expected) == {"that", "follow", "carry"}


@pytest.mark.parametrize(
    ("probabilities", "following", "words"),
    [
        ([[0.5, 0.4], [1.0, 0.0]], [[0, 1], [0, -1]], "add up to 1"),
        ([[0.5, 0.5], [1.0, 0.0]], [[0, 1], [0, 0]], "exactly where it can occur"),
        ([[0.5, 0.5], [1.0, 0.0]], [[0, 0], [0, -1]], "reachable"),
        ([[1.0], [1.0]], [[0], [1]], "shape"),
    ],
)
def test_tables_that_do_not_fit_are_refused(
    probabilities: list[list[float]], following: list[list[int]], words: str
) -> None:
    """A ValueError says which property is missing."""
    with pytest.raises(ValueError, match=words):
        Automaton(("a", "b"), ("one", "two"), np.array(probabilities), np.array(following), (0,))


def test_senseless_lengths_are_refused() -> None:
    """No negative context and no empty window."""
    with pytest.raises(ValueError, match="0 or more"):
        coin().losses_by_context(-1)
    with pytest.raises(ValueError, match="at least one"):
        coin().window_loss(0)
