"""One slip costs the property that it breaks: who forgot a regime keeps the points of everything else.

A regime is a kind of call: as many queries as keys or not, a batch of one, a translation of one token. Here the
solution breaks in one regime at a time, and right answers elsewhere keep all other checks."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
import torch

from autograder.audit.quick import judged
from autograder.model import Status
from autograder.reference import at_work, reference_namespace
from tests.assignments.ready import trusted

COSTS, NMT, DECODER = "attention_costs", "nmt_attention", "decoder_only_nmt"
When = Callable[..., bool]


def broken(answer: Any, when: When) -> Any:
    """The same function or class of layers, which raises in a regime."""
    if isinstance(answer, type):

        class Broken(answer):  # type: ignore[misc]
            def forward(self, *args: Any, **kwargs: Any) -> Any:
                if when(*args, **kwargs):
                    raise RuntimeError
                return super().forward(*args, **kwargs)

        return Broken

    def partly(*args: Any, **kwargs: Any) -> Any:
        if when(*args, **kwargs):
            raise RuntimeError
        return answer(*args, **kwargs)

    return partly


def failing(assignment: str, item: str, name: str, when: When) -> set[str]:
    """Checks of an item that fail for the solution with this answer broken in a regime."""
    known = trusted(assignment)
    with at_work(known.assignment):
        space = _fresh(assignment)
        whole = space[name]
        space[name] = broken(whole, when)  # in place: other functions of the notebook call it, too
        try:
            results = {check.name: judged(check, space, 20) for check in known.checks_of(item)}
        finally:
            space[name] = whole
    return {check for check, result in results.items() if result.status is not Status.PASSED}


@cache
def _fresh(assignment: str) -> dict[str, Any]:
    return reference_namespace(trusted(assignment).assignment)


def _axes(queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor) -> tuple[int, int, int, int]:
    """b, k, n, h; k is 0 where queries have two axes."""
    k = 0 if queries.dim() == 2 else queries.shape[1]
    return len(queries), k, keys.shape[1], queries.shape[-1]


LAYER: dict[str, When] = {
    "as many queries as keys": lambda *given: _axes(*given)[1] not in (0, _axes(*given)[2]),
    "one of something": lambda *given: _axes(*given)[1] == _axes(*given)[2] and 1 in _axes(*given),
    "three axes": lambda *given: not _axes(*given)[1],
}
ONES: dict[str, When] = {
    "one word": lambda source, *rest: len(source) == 1,
    "source of one": lambda source, *rest: source.shape[1] == 1,
    "translation of one": lambda source, target, *rest: target.shape[1] == 1,
}


def _layers(name: str, item: str, *costs: str) -> list[tuple[str, str, str, When, str]]:
    return [(NMT, item, name, when, cost) for when, cost in zip(LAYER.values(), costs, strict=True)]


SLIPS: list[tuple[str, str, str, When, str]] = [
    *_layers("ScaledDotAttention", "s001-2.1.1", "queries_and_keys_may_differ_in_number", "axes_of_size_one_stay",
             "two_dimensional_queries_are_one_query"),
    *_layers("CausalScaledDotAttention", "s001-2.1.2", "rule_counts_from_the_first_key", "causal_axes_of_size_one_stay",
             "single_query_may_lack_its_axis"),
    (COSTS, "s000-4.1c", "attention", lambda Q, K, V: len(Q) != len(K) and 1 not in (len(Q), len(K)) and Q.dim() == 2,
     "queries_need_not_be_as_many_as_keys"),
    (COSTS, "s000-4.1c", "attention", lambda Q, K, V: 1 in (*Q.shape[-2:], *K.shape[-2:]), "axes_of_size_one_are_axes"),
    (COSTS, "s000-4.1c", "attention", lambda Q, K, V: Q.dim() > 2, "leading_axes_stand_alone"),
    (COSTS, "s000-4.2", "masked_attention", lambda Q, *rest: Q.dim() > 2, "mask_holds_in_batches_and_heads"),
    (COSTS, "s000-4.2", "masked_attention", lambda Q, *rest: Q.shape[-2] == 2, "first_and_last_position_can_be_masked"),
    *[(DECODER, "s001-2.2.1", "generate_tensors_for_training_decoder_nmt", when, "shortest_words_make_sequences")
      for when in ONES.values()],
    (DECODER, "s001-2.2.2", "DecoderOnlyTransformer", lambda x, *rest: 1 in x.shape,
     "shortest_and_longest_sequences_work"),
    (DECODER, "s001-2.2.2", "DecoderOnlyTransformer", lambda x, allowed=None: allowed is not None and 1 not in x.shape,
     "a_given_mask_rules_every_layer"),
    (DECODER, "s004-1.13", "prefix_mask", lambda n, m: min(n, m) < 2, "empty_halves_make_sense"),
    (DECODER, "s001-2.2.3a-loss", "target_span_loss", lambda logits, targets, S, real: 1 in (S, *real.shape),
     "smallest_batches_have_a_loss"),
    (DECODER, "s001-2.2.3a-write", "greedy_decode", lambda model, source, *rest, **named: len(source) == 1,
     "a_single_word_is_a_batch_too"),
    (DECODER, "s001-2.2.3a-write", "measure", lambda model, pairs, **named: len(pairs) == 1,
     "a_single_word_is_a_batch_too"),
    (DECODER, "s001-2.2.3b", "score_counts", lambda n, m, kind: min(n, m) < 2,
     "nothing_to_read_or_to_write_is_no_error"),
    (DECODER, "s001-2.2.3a-cache", "forward_with_cache",
     lambda model, tokens, cache=None, allowed=None: allowed is not None and cache is not None,
     "a_given_mask_has_rows_for_new_tokens"),
    (DECODER, "s001-2.2.3a-cache", "forward_with_cache",
     lambda model, tokens, cache=None, allowed=None: tokens.shape[1] > 1 and cache is not None and allowed is None,
     "several_new_tokens_stay_causal"),
    (DECODER, "s001-2.2.3a-cache", "cached_decode", lambda model, source, *rest, **named: len(source) == 1,
     "each_translation_begins_without_a_past"),
]  # fmt: skip


@pytest.mark.parametrize(("assignment", "item", "name", "when", "cost"), SLIPS)
def test_a_forgotten_regime_costs_its_own_check(assignment: str, item: str, name: str, when: When, cost: str) -> None:
    """An answer that breaks in one regime fails the one check that is about it."""
    assert failing(assignment, item, name, when) == {cost}


@pytest.mark.parametrize("name", ["square_as_long_as_the_queries", "square_as_long_as_the_keys"])
def test_a_square_triangle_costs_the_rule_alone(name: str) -> None:
    """A causal mask with one side for both lengths fails the check about two lengths, and keeps all other points."""
    known = trusted(NMT)
    mistake = next(m for m in known.mistakes_of("s001-2.1.2") if m.name.endswith(name))
    with at_work(known.assignment):
        space = known.like(mistake)
        lost = {
            check.name for check in known.checks_of(mistake.item) if judged(check, space, 20).status is Status.FAILED
        }
    assert lost == set(mistake.caught_by) == {"rule_counts_from_the_first_key"}
