"""Points for linear memory: a wrong formula keeps them, a result that nobody could use or a cut one does not."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.audit.quick import judged
from autograder.judge import load_checks
from autograder.judge.registry import Check
from autograder.model import Status

ASSIGNMENT = Path(__file__).resolve().parents[2] / "assignments" / "efficient_attention"
SEED = 20
ROOMS = {
    "separable_attention": "separable_attention_is_linear_in_memory",
    "linear_attention": "linear_attention_is_linear_in_memory",
}
Answer = Callable[..., Any]


@cache
def check(name: str) -> Check:
    """A check of the assignment."""
    return next(check for check in load_checks(ASSIGNMENT) if check.name == name)


def keeps(name: str, answer: Answer) -> bool:
    """Whether an answer gets the points for linear memory."""
    result = judged(check(ROOMS[name]), {name: answer}, SEED)
    assert result.status is not Status.COULD_NOT_CHECK, result
    return result.status is Status.PASSED


def linear(Q: Any, K: Any, V: Any) -> Any:
    """Linear attention, and separable attention of exp(Q) and exp(K)."""
    return Q @ (K.T @ V) / (Q @ K.sum(0))[:, None]


def separable(Q: Any, K: Any, V: Any) -> Any:
    """Separable attention of small numbers."""
    B, C = np.exp(Q), np.exp(K)
    return (B / B.sum(1, keepdims=True)) @ ((C / C.sum(0)).T @ V)


RIGHT = {"separable_attention": separable, "linear_attention": linear}
WRONG: dict[str, Answer] = {
    "never normalised": lambda Q, K, V: Q @ (K.T @ V),
    "divided by the length": lambda Q, K, V: Q @ (K.T @ V) / len(K),
    "queries for keys": lambda Q, K, V: Q @ (Q.T @ V),
    "exponentials of both": lambda Q, K, V: np.exp(Q) @ (np.exp(K).T @ V),
}
NOTHING: dict[str, Answer] = {
    "a constant": lambda Q, K, V: np.ones((len(Q), V.shape[1])),
    "queries": lambda Q, K, V: Q[:, : V.shape[1]],
    "values": lambda Q, K, V: V,
    "a mean": lambda Q, K, V: np.tile(V.mean(0), (len(Q), 1)),
    "a mean times something": lambda Q, K, V: Q.sum(1, keepdims=True) * V.mean(0),
    "the same noise": lambda Q, K, V: np.random.default_rng(0).normal(size=(len(Q), V.shape[1])),
    "noise": lambda Q, K, V: np.random.default_rng().normal(size=(len(Q), V.shape[1])),
}


def cut(right: Answer) -> Answer:
    """The right answer, but with the first keys alone where there are many."""
    return lambda Q, K, V: right(Q, K[:50_000], V[:50_000])


@pytest.mark.parametrize("name", ROOMS)
def test_what_is_right_has_its_points(name: str) -> None:
    """The right answer is linear in memory, and one in float32 as well: digits are another property."""
    assert keeps(name, RIGHT[name])
    assert keeps(name, lambda *given: RIGHT[name](*(part.astype(np.float32) for part in given)))


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("name", ROOMS)
def test_a_wrong_formula_costs_other_points(name: str, wrong: str) -> None:
    """Something else than attention, of all queries, keys and values and in linear memory, keeps these points."""
    assert keeps(name, WRONG[wrong])


@pytest.mark.parametrize("nothing", NOTHING)
@pytest.mark.parametrize("name", ROOMS)
def test_nothing_takes_no_memory_and_gets_no_points(name: str, nothing: str) -> None:
    """What does not look at queries, values or which keys they stand at has saved no memory."""
    assert not keeps(name, NOTHING[nothing])


@pytest.mark.parametrize("name", ROOMS)
def test_what_is_right_for_few_keys_alone_saves_no_memory(name: str) -> None:
    """Whoever leaves keys out where there are many has another attention there."""
    assert not keeps(name, cut(RIGHT[name]))


def raising(when: Callable[..., bool]) -> Answer:
    """Linear attention that raises in a regime."""

    def answer(Q: Any, K: Any, V: Any) -> Any:
        if when(Q, K, V):
            raise RuntimeError
        return linear(Q, K, V)

    return answer


SLIPS: list[tuple[Answer, str]] = [
    (raising(lambda Q, K, V: len(K) > 1000), "linear_attention_is_linear_in_memory"),
    (cut(linear), "linear_attention_is_linear_in_memory"),
    (raising(lambda Q, K, V: 1 in (*Q.shape, *V.shape)), "linear_sizes_of_one"),
    (raising(lambda Q, K, V: len(Q) != len(K)), "linear_takes_other_keys_than_queries"),
    (lambda Q, K, V: Q @ (K.T @ V) / (Q @ K.sum(0) + 1e-12)[:, None], "scale_of_keys_does_not_matter"),
    (lambda Q, K, V: linear(Q, np.minimum(K, 100.0), V), "scale_of_keys_does_not_matter"),
    (lambda Q, K, V: linear(*(part.astype(np.float32) for part in (Q, K, V))),
     "linear_attention_leaves_arguments_alone"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "cost"), SLIPS)
def test_one_slip_in_linear_attention_costs_one_property(answer: Answer, cost: str) -> None:
    """A regime that fails, a key too few, a constant below or float32 costs its own check of the item, and no other."""
    item = [check for check in load_checks(ASSIGNMENT) if check.item == "s002-3.3b"]
    results = {check.name: judged(check, {"linear_attention": answer}, SEED).status for check in item}
    assert {name for name, status in results.items() if status is not Status.PASSED} == {cost}
