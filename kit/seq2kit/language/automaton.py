"""Sources of text whose best possible language model is known exactly.

A *unifilar* automaton: in each state it draws a token, and state and token together decide the next state. Whoever
knows the state can do no better than the state's own probabilities, so the entropy of the source is an average over
states, and no estimate is needed (Cover & Thomas, Elements of Information Theory, section 4.2; for predictors that
see only some tokens: Crutchfield & Feldman, "Regularities unseen, randomness observed", 2003). All losses are in
nats per token.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
FULL_STOP = "."
_SAME = 12  # beliefs that agree to so many digits are one belief


@dataclass(frozen=True)
class Break:
    """Where a sentence leaves the grammar: `place` counts words from 0 (the number of words where the sentence
    is not finished), `word` is what stands there, `expected` what could have."""

    place: int
    word: str
    expected: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Automaton:
    """A source of tokens.

    tokens: the V words; states: the S names of the states; probabilities: (S, V), of each token in each state;
    following: (S, V), the number of the next state, -1 where a token cannot occur; starts: the states in which a
    sentence may begin. Raises ValueError when these do not fit together, or when some state cannot be reached
    from every other (then there is no single long-run behaviour).
    """

    tokens: tuple[str, ...]
    states: tuple[str, ...]
    probabilities: Floats
    following: Ints
    starts: tuple[int, ...]
    numbers: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        shape = (len(self.states), len(self.tokens))
        if self.probabilities.shape != shape or self.following.shape != shape:
            raise ValueError(f"expected tables of shape {shape}: one row per state, one column per token")
        if (self.probabilities < 0).any() or not np.allclose(self.probabilities.sum(1), 1):
            raise ValueError("the probabilities of a state should be positive or zero and add up to 1")
        if ((self.following >= 0) != (self.probabilities > 0)).any() or self.following.max() >= shape[0]:
            raise ValueError("a token has a next state exactly where it can occur")
        object.__setattr__(self, "numbers", {token: k for k, token in enumerate(self.tokens)})
        reach = np.linalg.matrix_power((self._transitions > 0) + np.eye(shape[0]), shape[0])
        if not (reach > 0).all():
            raise ValueError("every state should be reachable from every other")

    @property
    def size(self) -> int:
        """V, the number of different tokens."""
        return len(self.tokens)

    @cached_property
    def _transitions(self) -> Floats:
        matrix = np.zeros((len(self.states), len(self.states)))
        for state, token in np.argwhere(self.probabilities > 0):
            matrix[state, self.following[state, token]] += self.probabilities[state, token]
        return matrix

    @cached_property
    def stationary(self) -> Floats:
        """(S,): the share of time that the source spends in each state in the long run."""
        count = len(self.states)
        system = np.vstack([self._transitions.T - np.eye(count), np.ones(count)])
        share = np.linalg.lstsq(system, np.append(np.zeros(count), 1.0), rcond=None)[0].clip(0)
        result: Floats = share / share.sum()
        return result

    @cached_property
    def entropy_rate(self) -> float:
        """Nats per token of the best predictor there is, one that always knows the state: no model beats it."""
        return float(self.stationary @ _entropy(self.probabilities))

    @property
    def unigram_loss(self) -> float:
        """Nats per token of the best predictor that sees nothing: how frequent each token is."""
        return self.losses_by_context(0)[0]

    @property
    def bigram_loss(self) -> float:
        """Nats per token of the best predictor that sees only the token before."""
        return self.losses_by_context(1)[1]

    def losses_by_context(self, longest: int) -> tuple[float, ...]:
        """Entry k, for k = 0 ... longest: nats per token of the best predictor that sees the k tokens before.

        Exact: all that such a predictor can know about the state is a *belief*, a distribution over states, and
        few different beliefs occur, because most words give the state away. Raises ValueError for longest < 0.
        """
        if longest < 0:
            raise ValueError(f"a context has 0 or more tokens, got {longest}")
        losses = self._losses
        while len(losses) <= longest:
            losses.append(sum(weight * self._beliefs.entropy(key) for key, weight in self._weights.items()))
            moved: dict[bytes, float] = {}
            for key, weight in self._weights.items():
                for after, chance in self._beliefs.successors(key):
                    moved[after] = moved.get(after, 0.0) + weight * chance
            self._weights.clear()
            self._weights.update(moved)
        return tuple(losses[: longest + 1])

    def window_loss(self, length: int, seen: int | None = None) -> float:
        """Nats per token of the best predictor on windows cut at random from an endless text: the mean over the
        predictions 1 ... length, of which the k-th sees the k tokens of the window before it, the last `seen` at most.

        This is the floor for a model with that window: a little above `entropy_rate`, since at the start of a
        window it cannot know what came before. With `seen` it is the floor for n-gram models, n = seen + 1.
        """
        if length < 1:
            raise ValueError(f"a window holds at least one prediction, got {length}")
        most = length if seen is None else min(seen, length)
        losses = self.losses_by_context(most)
        return float(np.mean([losses[min(place, most)] for place in range(1, length + 1)]))

    @cached_property
    def _losses(self) -> list[float]:
        return []

    @cached_property
    def _beliefs(self) -> _Beliefs:
        return _Beliefs(self)

    @cached_property
    def _weights(self) -> dict[bytes, float]:
        """Probability of each belief, after as many tokens as `_losses` has entries."""
        return {self._beliefs.add(self.stationary): 1.0}

    def update(self, beliefs: Floats, token: int) -> Floats:
        """(n, S) beliefs -> (n, S): probability of `token` together with each state after it."""
        able, moves = self._moves[token]
        after: Floats = beliefs[:, able] @ moves
        return after

    @cached_property
    def _moves(self) -> list[tuple[Ints, Floats]]:
        """For each token the k states that can give it, and (k, S) where they go with which probability."""
        moves = []
        for token in range(self.size):
            able = np.flatnonzero(self.probabilities[:, token])
            table = np.zeros((len(able), len(self.states)))
            table[np.arange(len(able)), self.following[able, token]] = self.probabilities[able, token]
            moves.append((able, table))
        return moves

    def sample(self, count: int, seed: int) -> Ints:
        """(count,): numbers of the tokens of a running text, from the first word of a sentence on.

        The same seed gives the same text on every machine, and a shorter sample is the beginning of a longer one.
        """
        random = np.random.Generator(np.random.PCG64(seed))
        state = self.starts[int(random.integers(len(self.starts)))]
        chances = random.random(count).tolist()
        tables = self._tables
        text = []
        for chance in chances:
            limits, choices, states = tables[state]
            place = bisect_right(limits, chance)
            text.append(choices[place])
            state = states[place]
        return np.array(text, dtype=np.int64)

    @cached_property
    def _tables(self) -> list[tuple[list[float], list[int], list[int]]]:
        tables = []
        for row, after in zip(self.probabilities, self.following, strict=True):
            choices = np.flatnonzero(row)
            limits = np.cumsum(row[choices])[:-1].tolist()  # without the last, which rounding may leave below 1
            tables.append((limits, choices.tolist(), after[choices].tolist()))
        return tables

    def surprise(self, windows: Any) -> Floats:
        """(..., n) token numbers -> (..., n): -log of the probability that the best predictor gives each token.

        The best predictor sees the tokens before it in the same row, and nothing else. Its mean over a text is
        the lowest loss that any model can expect on this very text. Infinite where the grammar is broken.
        """
        ids = np.asarray(windows, dtype=np.int64)
        return self._read(ids.reshape(-1, ids.shape[-1]))[0].reshape(ids.shape)

    def next_token(self, windows: Any) -> Floats:
        """(..., n) token numbers -> (..., V): the distribution of the token after them.

        The best that can be known from these n tokens and nothing else; what stands before a break of the grammar is
        forgotten there."""
        ids = np.asarray(windows, dtype=np.int64)
        chances = self._read(ids.reshape(-1, ids.shape[-1]))[1] @ self.probabilities
        return chances.reshape(*ids.shape[:-1], self.size)

    def _read(self, rows: Ints) -> tuple[Floats, Floats]:
        """(r, n) token numbers -> (r, n) surprise at each, and (r, S) the belief after the last."""
        beliefs = np.repeat(self.stationary[None, :], len(rows), axis=0)
        out = np.empty(rows.shape)
        for place in range(rows.shape[1]):
            column = rows[:, place]
            after = np.zeros_like(beliefs)
            for token in np.unique(column):
                chosen = column == token
                after[chosen] = self.update(beliefs[chosen], int(token))
            chance = after.sum(1)
            with np.errstate(divide="ignore"):
                out[:, place] = -np.log(chance)
            lost = chance == 0
            chance[lost] = 1.0
            beliefs = after / chance[:, None]
            beliefs[lost] = self.stationary  # after a break, start anew
        return out, beliefs

    def words(self, numbers: Iterable[Any]) -> list[str]:
        """Token numbers as words."""
        return [self.tokens[int(number)] for number in numbers]

    def first_break(self, sentence: str | Sequence[str]) -> Break | None:
        """Where a sentence leaves the grammar; None when it is a complete sentence.

        sentence: words, or a text with spaces between them; the full stop is a word of its own. A sentence ends
        with its only full stop.
        """
        words = sentence.split() if isinstance(sentence, str) else list(sentence)
        possible = set(self.starts)
        for place, word in enumerate(words):
            token = self.numbers.get(word, -1)
            after = {int(self.following[state, token]) for state in possible} if token >= 0 else set()
            ended = place > 0 and words[place - 1] == FULL_STOP
            if ended or not after - {-1}:
                return Break(place, word, () if ended else self._allowed(possible))
            possible = after - {-1}
        if not words or words[-1] != FULL_STOP:
            return Break(len(words), "", self._allowed(possible))
        return None

    def accepts(self, sentence: str | Sequence[str]) -> bool:
        """Whether this is a complete sentence of the grammar."""
        return self.first_break(sentence) is None

    def _allowed(self, states: Iterable[int]) -> tuple[str, ...]:
        able = self.probabilities[sorted(states)].sum(0) > 0
        return tuple(self.tokens[number] for number in np.flatnonzero(able))


class _Beliefs:
    """The beliefs met so far, each under a key; what a token makes of one is worked out once."""

    def __init__(self, automaton: Automaton) -> None:
        self.automaton = automaton
        self._known: dict[bytes, Floats] = {}
        self._entropies: dict[bytes, float] = {}
        self._successors: dict[bytes, tuple[tuple[bytes, float], ...]] = {}

    def add(self, belief: Floats) -> bytes:
        key: bytes = (belief.round(_SAME) + 0.0).tobytes()  # + 0.0: no negative zeros
        self._known.setdefault(key, belief)
        return key

    def entropy(self, key: bytes) -> float:
        """Of the next token, in nats."""
        if key not in self._entropies:
            self._entropies[key] = float(_entropy(self._known[key][None] @ self.automaton.probabilities)[0])
        return self._entropies[key]

    def successors(self, key: bytes) -> tuple[tuple[bytes, float], ...]:
        """(belief after one more token, probability), one for each token that can occur."""
        if key not in self._successors:
            found = []
            able = self._known[key] @ self.automaton.probabilities > 0
            for token in map(int, np.flatnonzero(able)):
                after = self.automaton.update(self._known[key][None], token)[0]
                chance = float(after.sum())
                found.append((self.add(after / chance), chance))
            self._successors[key] = tuple(found)
        return self._successors[key]


def _entropy(rows: Floats) -> Floats:
    """(n, V) distributions -> (n,) entropies in nats."""
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(rows > 0, rows * np.log(rows), 0.0)
    result: Floats = -terms.sum(1)
    return result
