"""Models that look the answers up, logs of runs that never were, and checks that nothing would fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from seq2kit.training import Run
from seq2kit.translation.piglatin import load_pairs, pig_latin
from torch import nn

from autograder.audit.quick import judged
from autograder.model import Status
from tests.assignments.ready import trusted

pytestmark = pytest.mark.long
SEED = 11


def passed(assignment: str, item: str, **names: Any) -> dict[str, bool]:
    """Which checks of an item the solution passes when these names are others in it."""
    space = {**trusted(assignment).reference(), **names}
    results = [judged(check, space, SEED) for check in trusted(assignment).checks_of(item)]
    assert all(result.status is not Status.COULD_NOT_CHECK for result in results), results
    return {result.name: result.status is Status.PASSED for result in results}


def rest_on_training(assignment: str, fine: dict[str, bool]) -> set[str]:
    """Those of the checks that passed which a trained model stands behind."""
    return {check.name for check in trusted(assignment).checks if check.training and fine.get(check.name)}


def emptied(model: nn.Module, empty: bool) -> nn.Module:
    """The model, and with `empty` nothing but zeros in it."""
    for parameter in model.parameters() if empty else ():
        parameter.data.zero_()
    return model.eval()


# --- gpt_lm ----------------------------------------------------------------


def grammar(automaton: Any, ids: torch.Tensor) -> torch.Tensor:
    """(b, n, V) logarithms of the true probabilities of the next word, as the kit can work them out."""
    beliefs = np.tile(automaton.stationary, (len(ids), 1))
    found = []
    for column in ids.T.numpy():
        each = np.stack([automaton.update(beliefs, token) for token in range(automaton.size)], 1)
        beliefs = each[np.arange(len(ids)), column]
        beliefs /= beliefs.sum(1, keepdims=True) + 1e-30
        found.append(np.stack([automaton.update(beliefs, token).sum(1) for token in range(automaton.size)], 1))
    return torch.from_numpy(np.stack(found, 1)).clamp(min=1e-9).log().float()


def looking_up(kind: type[nn.Module], answers: Callable[..., torch.Tensor]) -> type[nn.Module]:
    """A class of model that has the weights of `kind` and says something else; with weights of zeros it says nothing,
    as a real one."""

    class LookUp(kind):  # type: ignore[misc, valid-type]
        def forward(self, *inputs: torch.Tensor) -> Any:
            said = super().forward(*inputs)
            first = said[0] if isinstance(said, tuple) else said
            alive = float(sum(part.detach().abs().sum() for part in self.parameters()) > 0)
            first = alive * answers(*inputs) + 0 * first
            return (first, *said[1:]) if isinstance(said, tuple) else first

    return LookUp


INVENTED = [(50 * k, 4.25 - 2.9 * min(1.0, k / 9) - 0.001 * k, 4.24 - 2.9 * min(1.0, k / 9)) for k in range(17)]


def test_a_gpt_that_looks_the_language_up_was_not_trained() -> None:
    """With weights that mean nothing and an invented log, no check of the run and of its curve passes but those of the
    functions."""
    space = trusted("gpt_lm").reference()
    automaton = space["toy_english"]()
    torch.manual_seed(3)
    model = looking_up(space["GPT"], lambda ids: grammar(automaton, ids))(**space["CONFIG"]).eval()
    windows = space["corpus"].windows(space["text"].validation, space["CONTEXT"])[:64]
    with torch.no_grad():
        said = torch.log_softmax(model(windows[:, :-1]).double(), -1).gather(-1, windows[:, 1:, None])
    assert float(-said.mean()) < 1.45, "the attack is none"
    curve = space["perplexity_log"](INVENTED)
    run = passed("gpt_lm", "s000-5.1.9c", best_model=model, loss_log=INVENTED)
    assert {name for name, fine in run.items() if fine} == {"trained_does_what_its_arguments_say"}
    own = passed("gpt_lm", "s000-5.1.9b", best_model=model, loss_log=INVENTED, ppl_log=curve)
    assert {name for name, fine in own.items() if fine} == {
        "each_loss_becomes_its_perplexity", "perplexities_leave_the_log_alone",
    }  # fmt: skip


# --- decoder_only_nmt --------------------------------------------------------


def pig_latin_in(space: dict[str, Any], tokens: torch.Tensor) -> torch.Tensor:
    """(b, n, V) logits of whoever knows the rule: after the source, the letters of its translation."""
    v = space["vocabulary"]
    found = torch.zeros(*tokens.shape, len(v))
    for row, ids in enumerate(tokens.tolist()):
        end = ids.index(v.eop) if v.eop in ids else len(ids)
        word = "".join(v.decode(ids[1:end])) if end > 1 else ""
        answer = [*v.encode(pig_latin(word)), v.eos] if word.isalpha() else [v.eos]
        for place, token in enumerate(answer):
            if end + place < tokens.shape[1]:
                found[row, end + place, token] = 20.0
    return found


@pytest.mark.parametrize("broken", [False, True])
def test_translators_that_know_the_rule_were_not_trained(broken: bool) -> None:
    """Untrained weights in models that work the translations out: no check that measures them passes, whether or not
    the forward pass is a wrong one in the bargain."""
    space = trusted("decoder_only_nmt").reference()
    kind = looking_up(space["DecoderOnlyTransformer"], lambda tokens, allowed=None: pig_latin_in(space, tokens))
    models = {name: list(three) for name, three in space["models"].items()}
    for name in ("decoder_only", "prefix"):
        models[name] = []
        for seed in range(3):
            torch.manual_seed(seed)
            model = kind(len(space["vocabulary"]), **space["decoder_size"], max_len=space["MAX_LEN"]).eval()
            if broken:
                model.output.weight.data.mul_(-1)
            models[name].append(model)
    few = load_pairs("small").validation[:20]
    assert space["measure"](models["prefix"][0], few, prefix=True)["exact"] > 0.9, "the attack is none"
    fine = passed("decoder_only_nmt", "s001-2.2.3a", models=models)
    for name in ("reported_losses_can_be_measured_again", "reported_words_can_be_counted_again",
                 "unseen_words_surprise_little", "unseen_words_are_translated"):  # fmt: skip
        assert not fine[name], name


def test_weights_of_another_forward_pass_are_measured_in_it() -> None:
    """A wrong forward pass costs its own item: weights that do their work in it keep the points of the comparison."""
    space = trusted("decoder_only_nmt").reference()

    class Turned(space["DecoderOnlyTransformer"]):  # type: ignore[misc]
        def forward(self, inputs: torch.Tensor, allowed: Any = None) -> Any:
            n = inputs.shape[1]
            x = self.embedding(inputs) + self.positions[1 : n + 1]
            looked = []
            for attention, mlp in zip(self.attentions, self.mlps, strict=True):
                context, weights = attention(x, x, x, space["causal_mask"](n) if allowed is None else allowed)
                x = x + context
                x = x + mlp(x)
                looked.append(weights)
            return self.output(x), torch.stack(looked)

    models = {name: list(three) for name, three in space["models"].items()}
    for name in ("decoder_only", "prefix"):
        for seed, right in enumerate(models[name]):
            model = Turned(len(space["vocabulary"]), **space["decoder_size"], max_len=space["MAX_LEN"]).eval()
            weights = right.state_dict()
            weights["positions"] = weights["positions"].roll(1, 0)
            model.load_state_dict(weights)
            models[name][seed] = model
    fine = passed("decoder_only_nmt", "s001-2.2.3a", models=models, DecoderOnlyTransformer=Turned)
    assert all(fine.values()), fine


# --- nmt_attention -----------------------------------------------------------


def unscaled(right: type[nn.Module]) -> type[nn.Module]:
    """The attention layer, without the factor of its scores."""

    class Unscaled(right):  # type: ignore[misc, valid-type]
        def forward(self, queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor) -> Any:
            q, k, v = self.Q(queries), self.K(keys), self.V(values)
            scores = k @ q.mT
            if getattr(self, "mask", None) is not None or "Causal" in right.__name__:
                later = torch.ones(scores.shape[1:], dtype=torch.bool).tril(-1)
                scores = scores.masked_fill(later, -torch.inf)
            weights = scores.softmax(dim=1)
            return weights.mT @ v, weights

    return Unscaled


def test_a_translator_that_knows_the_rule_was_not_trained() -> None:
    """Where a student's layers are wrong, a model that works the translations out and invented histories pass no check
    that measures the weights."""
    space = trusted("nmt_attention").reference()
    vocabulary = space["vocabulary"]

    def said(source: torch.Tensor, written: torch.Tensor) -> torch.Tensor:
        found = torch.zeros(*written.shape, len(vocabulary))
        for row, ids in enumerate(source.tolist()):
            answer = [*vocabulary.encode(pig_latin("".join(vocabulary.decode(ids)))), vocabulary.eos]
            for place, token in enumerate(answer[: written.shape[1]]):
                found[row, place, token] = 9.0
        return found

    names = {name: unscaled(space[name]) for name in ("ScaledDotAttention", "CausalScaledDotAttention")}
    kind, runs = looking_up(space["EncoderDecoder"], said), {}
    for hidden in space["WIDTHS"]:
        for data in space["SETS"]:
            for seed in space["SEEDS"]:
                torch.manual_seed(seed)
                codes = torch.as_tensor(space["sinusoidal"](space["MAX_LENGTH"], hidden))
                model = kind(len(vocabulary), hidden, 1, *names.values(), codes).eval()
                history = tuple(3 / (1 + k) ** 2 + 0.004 + 1e-4 * seed - 1e-5 * hidden for k in range(36))
                runs[hidden, data, seed] = Run(model, history, history, seed, 1476, 12.0)
    assert space["translate"](model, ["string", "apple"], vocabulary) == [pig_latin("string"), pig_latin("apple")]
    fine = passed("nmt_attention", "s001-2.1.4a", runs=runs, **names)
    for name in ("trained_weights_give_the_losses_of_their_runs", "losses_hold_on_words_never_seen",
                 "twice_the_width_lowers_the_loss", "new_words_are_translated"):  # fmt: skip
        assert not fine[name], name


def test_weights_of_other_layers_are_measured_in_them() -> None:
    """A wrong layer costs its own item: translators that do their work with it keep the points of the table."""
    space = trusted("nmt_attention").reference()
    names = {name: unscaled(space[name]) for name in ("ScaledDotAttention", "CausalScaledDotAttention")}
    runs = {}
    for key, run in space["runs"].items():
        codes = torch.as_tensor(space["sinusoidal"](space["MAX_LENGTH"], key[0]))
        model = space["EncoderDecoder"](len(space["vocabulary"]), key[0], 1, *names.values(), codes)
        weights = run.model.state_dict()
        for name in [name for name in weights if ".Q." in name]:
            weights[name] = weights[name] / key[0] ** 0.5
        model.load_state_dict(weights)
        runs[key] = replace(run, model=model.eval())
    fine = passed("nmt_attention", "s001-2.1.4a", runs=runs, **names)
    assert all(fine.values()), fine


# --- no training at all ------------------------------------------------------


@pytest.mark.parametrize("empty", [False, True])
def test_an_untrained_gpt_passes_nothing_that_rests_on_training(empty: bool) -> None:
    """Weights as they were drawn, or zeros, and the log of a real run."""
    space = trusted("gpt_lm").reference()
    model = emptied(space["GPT"](**space["CONFIG"]), empty)
    names = {"best_model": model, "trained": lambda *args, **more: (model, space["loss_log"]),
             "checkpoints": SimpleNamespace(load=lambda name: ({}, {}))}  # fmt: skip
    for item in ("s000-5.1.9c", "s000-5.1.9b"):
        assert not rest_on_training("gpt_lm", passed("gpt_lm", item, **names))


@pytest.mark.parametrize("empty", [False, True])
def test_untrained_translators_pass_nothing_that_rests_on_training(empty: bool) -> None:
    """Weights as they were drawn, or zeros, with invented histories, a table made from them, and claims that fit it."""
    space = trusted("nmt_attention").reference()
    runs = {}
    for key, run in space["runs"].items():
        history = tuple(3 / (1 + k) ** 2 + 0.004 + 1e-4 * key[2] - 1e-5 * key[0] for k in range(36))
        model = emptied(space["new_translator"](key[0], key[2]), empty)
        runs[key] = replace(run, model=model, train_losses=history, validation_losses=history)
    table = {key[:2]: min(run.validation_losses) + 1e-4 for key, run in runs.items() if key[2] == 1}
    for item in ("s001-2.1.4a", "s001-2.1.4b"):
        fine = passed("nmt_attention", item, runs=runs, val_table=table)
        assert not rest_on_training("nmt_attention", fine) - {"table_has_the_four_configurations"}


@pytest.mark.parametrize("empty", [False, True])
def test_untrained_decoders_pass_nothing_that_rests_on_training(empty: bool) -> None:
    """Weights as they were drawn, or zeros, beside the table and the claims of a real comparison."""
    space = trusted("decoder_only_nmt").reference()
    models = {kind: [emptied(space["build"](kind, seed), empty) for seed in range(3)] for kind in space["KINDS"]}
    assert not rest_on_training("decoder_only_nmt", passed("decoder_only_nmt", "s001-2.2.3a", models=models))


@pytest.mark.parametrize("empty", [False, True])
def test_untrained_classifiers_pass_nothing_that_rests_on_training(empty: bool) -> None:
    """Weights as they are before fine-tuning, or zeros, with the histories of real runs."""
    space = trusted("bert_finetuning").reference()

    def untrained(runs: list[Any]) -> list[Any]:
        made = [emptied(space["pre_trained"](space["NAMES"]["math"], 3, seed), empty) for seed in range(len(runs))]
        return [Untrained(model, run.history, run.parts) for model, run in zip(made, runs, strict=True)]

    kept = ("tuned", "frozen", "others")
    names = {name: {key: untrained(runs) for key, runs in space[name].items()} for name in kept}
    for item in ("s001-3.Q2-models", "s001-3.2b", "s001-3.3"):
        assert not rest_on_training("bert_finetuning", passed("bert_finetuning", item, **names))


@dataclass
class Untrained:
    """What stands for a run."""

    model: nn.Module
    history: list[Any]
    parts: dict[str, int]
