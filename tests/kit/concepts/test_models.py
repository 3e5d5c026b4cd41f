"""Small models for measuring: what they hear is what they say, and what they learn is what the notebook tells."""

from __future__ import annotations

import math

import pytest
import torch
from seq2kit.concepts import bias, blowup, reach, stacks, tables, tasks, wiring


def slopes(model: torch.nn.Module, x: torch.Tensor) -> torch.Tensor:
    """(n, k, n, d) derivatives of a model."""
    found: torch.Tensor = torch.autograd.functional.jacobian(model, x)
    return found


@pytest.mark.parametrize(("weak", "deaf"), [(1.0, False), (1e-4, False), (1.0, True)])
def test_a_wiring_hears_what_is_allowed(weak: float, deaf: bool) -> None:
    """Derivatives are zero where nothing is allowed, and nowhere else; deaf numbers are neither heard nor moved."""
    rule = torch.tensor([[True, False, True], [False, False, True], [True, True, False]])
    model = wiring.Wiring(rule.tolist(), 4, 5, seed=3, weak=weak, deaf=deaf)
    found = slopes(model, torch.randn(3, 4, dtype=torch.float64)).abs()
    assert torch.equal(found.amax((1, 3)) > 1e-8, rule)
    assert bool((found[:, 0] == 0).all()) == deaf
    assert bool((found[..., 0] == 0).all()) == deaf


@pytest.mark.parametrize("kind", wiring.KINDS)
def test_networks_hear_what_their_kind_says(kind: str) -> None:
    """One direction and a causal mask hear no later input; the others hear everything. One seed gives one network."""
    x = torch.randn(5, 3, dtype=torch.float64)
    heard = slopes(wiring.network(kind, seed=4), x).abs().amax((1, 3)) > 0
    every = torch.ones(5, 5, dtype=torch.bool)
    assert torch.equal(heard, every.tril() if kind in ("one-way RNN", "causal attention") else every)
    assert torch.equal(wiring.network(kind, seed=4)(x), wiring.network(kind, seed=4)(x))


def test_another_kind_is_refused() -> None:
    """Names are one of those that are there."""
    for call in (
        lambda: wiring.network("RNN"), lambda: tasks.task("speech", 3, 1), lambda: bias.outcome("luck", 1),
        lambda: reach.recall("reader", 4, 1),
    ):  # fmt: skip
        with pytest.raises(ValueError, match="is one of"):
            call()


def test_sentences_follow_the_language() -> None:
    """All pairs are lawful, the likelier word comes three times in four, and the entropy is that of this choice."""
    words = stacks.sentences(400, 12, 1)
    assert stacks.lawful(words) == 1.0
    first = (words[:, 1:] == (words[:, :-1] + 1) % 6).double().mean()
    assert abs(float(first) - stacks.LIKELY) < 0.03
    assert math.isclose(stacks.ENTROPY, -(0.75 * math.log(0.75) + 0.25 * math.log(0.25)))


def test_only_the_causal_stack_keeps_to_what_is_possible() -> None:
    """States have three axes; without a mask a place hears what follows."""
    words = stacks.sentences(2, 6, 1)
    other = words.clone()
    other[:, -1] = (other[:, -1] + 1) % 6
    for causal in (True, False):
        with torch.no_grad():
            stack = stacks.Stack(causal).eval()
            assert stack.states(words).shape == (2, 6, 32)
            assert torch.allclose(stack(words)[:, :-1], stack(other)[:, :-1]) == causal
    loss = stacks.trained(True, 1, steps=5)[1]
    assert loss > stacks.ENTROPY
    assert stacks.written(stacks.Stack(True), 3, 4, 1).shape == (3, 4)


def test_tables_are_distributions() -> None:
    """Probabilities of all sentences sum to 1, of all targets for each source too; rows do not hear their own token."""
    model, translator = tables.LanguageModel(3, 1), tables.Translator(2, 1)

    def chance(logits: torch.Tensor, tokens: tuple[int, ...]) -> float:
        return float(torch.log_softmax(logits, -1)[torch.arange(len(tokens)), list(tokens)].sum().exp())

    assert math.isclose(sum(chance(model.logits(y), y) for y in tables.every(3, 3)), 1.0)
    for x in tables.every(2, 2):
        assert math.isclose(sum(chance(translator.logits(x, y), y) for y in tables.every(2, 3)), 1.0)
    assert torch.equal(model.logits((0, 1))[1], model.logits((0, 2))[1])
    assert not torch.equal(model.logits((0, 1))[1], model.logits((1, 1))[1])


def test_tasks_have_the_outputs_of_their_names() -> None:
    """One label for texts and voices, several for speech; what stands behind a length is zero."""
    for name in tasks.NAMES:
        found = tasks.task(name, 40, 2)
        sizes = {len(out) for out in found.outputs}
        assert sizes == {1} if name != tasks.NAMES[0] else min(sizes) > 1
        assert all(bool((row[int(n) :] == 0).all()) for row, n in zip(found.x, found.lengths, strict=True))


def test_a_many_to_one_network_learns_labels() -> None:
    """Voices are told apart; the read-out is used."""

    def last(states: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        return states[torch.arange(len(states)), lengths - 1]

    assert tasks.read_once(tasks.NAMES[2], last, 1, steps=40) > 0.9
    assert tasks.read_once(tasks.NAMES[2], lambda states, _: 0 * states[:, 0], 1, steps=5) < 0.7


def test_each_source_of_bias_makes_a_gap() -> None:
    """Without a source recalls agree within noise; each of the others finds fewer of group 1."""
    for source in bias.SOURCES:
        said, truth, group = bias.outcome(source, 3)
        recall = [said[(truth == 1) & (group == k)].mean() for k in (0, 1)]
        gap = recall[0] - recall[1]
        assert abs(gap) < 0.07 if source == "none" else gap > 0.1


def test_training_breaks_where_gradients_explode() -> None:
    """A large radius ends in NaN or infinity, a small one does not, and a leash holds the large one."""
    assert all(map(math.isfinite, blowup.train(0.3, 1)))
    assert not math.isfinite(blowup.train(1.1, 1)[-1])

    def leash(grads: list[torch.Tensor]) -> list[torch.Tensor]:
        norm = float(torch.cat([g.reshape(-1) for g in grads]).norm())
        return [g / max(1.0, norm) for g in grads]

    assert all(map(math.isfinite, blowup.train(1.1, 1, leash)))


def test_a_window_recalls_what_it_sees() -> None:
    """Four words back, the window still sees the first; eight back it guesses."""
    assert reach.recall("window of 4", 4, 1, steps=60) > 0.9
    assert reach.recall("window of 4", 8, 1, steps=60) < 0.4
    assert reach.recall("attention", 8, 1, steps=1) < 0.7
    assert reach.recall("RNN", 4, 1, steps=1) < 0.7
