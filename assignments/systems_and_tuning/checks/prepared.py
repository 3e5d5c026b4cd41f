"""Hidden checks of part 4, its second half: fingerprints, and which weights of a prepared model are trained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from autograder.judge import Draw, Handle, Student, check, expect

from .tuning import Weights, trained

# --- s003-7a-fingerprint -----------------------------------------------------


def _tensors(draw: Draw) -> Weights:
    return {
        "a.weight": draw.tensor(3, 4), "a.bias": draw.tensor(4, dtype=torch.float32),
        "b": torch.tensor(draw.integer(1, 9)), "c.weight": draw.tensor(4, 3),
    }  # fmt: skip


def _print(student: Student, tensors: Mapping[str, Tensor]) -> str:
    found = expect.text(student.fingerprint(dict(tensors)), what="a fingerprint")
    expect.true(0 < len(found) < 100_000, "A fingerprint should be a short text.")
    return found


@check(item="s003-7a-fingerprint", points=2)
def equal_weights_have_one_fingerprint(student: Student, draw: Draw) -> None:
    """Copies, another order in the dict and another layout in memory do not count."""
    tensors = _tensors(draw)
    mine = _print(student, tensors)
    hint = "sort by name; look at numbers, and not at objects or addresses"
    again = {name: value.clone() for name, value in reversed(tensors.items())}
    expect.true(_print(student, again) == mine, "Equal weights have another fingerprint.", hint)
    # What is sent arrives row by row, so its layout is changed where the function runs.
    turned = student.tool("tuning").method("told_of_turned", student.value("fingerprint"), tensors)
    same = expect.text(turned, what="a fingerprint") == mine
    expect.true(same, "Equal weights in another layout have another fingerprint.", hint)


@check(item="s003-7a-fingerprint")
def weights_that_are_trained_are_read(student: Student, draw: Draw) -> None:
    """Weights that require a gradient are read like others, and have the same fingerprint."""
    tensors = _tensors(draw)
    mine = _print(student, tensors)
    learned = {name: value.clone().requires_grad_(value.is_floating_point()) for name, value in tensors.items()}
    hint = "named_parameters() gives tensors that require a gradient"
    expect.true(_print(student, learned) == mine, "Weights that are trained have another fingerprint.", hint)


@check(item="s003-7a-fingerprint", points=2)
def every_bit_counts(student: Student, draw: Draw) -> None:
    """Any tensor changed in its last bit gives another fingerprint, near 0 and far from it."""
    tensors = _tensors(draw)
    mine = _print(student, tensors)
    for name in ("a.weight", "c.weight", "a.bias"):
        changed = tensors[name].clone()
        flat = changed.view(-1)
        flat[-1] = torch.nextafter(flat[-1], flat[-1] + 1)
        expect.true(_print(student, {**tensors, name: changed}) != mine, "A bit changed, and the fingerprint did not.")
    expect.true(
        _print(student, {**tensors, "b": tensors["b"] + 1}) != mine,
        "A whole number changed, and the fingerprint did not.",
    )
    tiny = {"x": torch.zeros(3, dtype=torch.float64)}, {"x": torch.tensor([0.0, 0.0, 5e-324], dtype=torch.float64)}
    expect.true(_print(student, tiny[0]) != _print(student, tiny[1]), "A tiny number counts as 0.")
    signs = {"x": torch.zeros(3, dtype=torch.float64)}, {"x": -torch.zeros(3, dtype=torch.float64)}
    expect.true(_print(student, signs[0]) != _print(student, signs[1]), "The sign of a zero does not count.", "bytes")
    large = draw.tensor(40, 60)
    changed = large.clone()
    changed[draw.integer(10, 30), draw.integer(10, 50)] += 1e-9
    hint = "what is printed of a large tensor leaves out the middle"
    expect.true(
        _print(student, {"w": large}) != _print(student, {"w": changed}), "Not all of a large tensor counts.", hint
    )


@check(item="s003-7a-fingerprint")
def places_of_numbers_count(student: Student, draw: Draw) -> None:
    """The same numbers in another order, or in another tensor, give another fingerprint."""
    one, two = draw.tensor(2, 3), draw.tensor(2, 3)
    hint = "a sum does not know where its numbers were"
    swapped = _print(student, {"a": one, "b": two}) != _print(student, {"a": two, "b": one})
    expect.true(swapped, "Two tensors in each other's place have the same fingerprint.", hint)
    flipped = _print(student, {"a": one}) != _print(student, {"a": one.flip(0)})
    expect.true(flipped, "Numbers in another order have the same fingerprint.", hint)


@check(item="s003-7a-fingerprint")
def names_shapes_and_dtypes_count(student: Student, draw: Draw) -> None:
    """Another name, shape or dtype gives another fingerprint."""
    w = torch.zeros(2, 3, dtype=torch.float64)
    seen = [
        _print(student, tensors)
        for tensors in ({"w": w}, {"v": w}, {"w": w.reshape(3, 2)}, {"w": w.float()}, {"w": w, "e": torch.zeros(0)}, {})
    ]
    expect.true(len(set(seen)) == len(seen), "Different names, shapes or dtypes have the same fingerprint.", "add them")


# --- tuning ------------------------------------------------------------------

KINDS = ("full", "head", "lora", "prompt")


class Prepared:
    """A small classifier of the student's process, before and after it is prepared."""

    def __init__(
        self, student: Student, draw: Draw, kind: str, r: int = 3, layers: int = 2, alpha: float = 6.0
    ) -> None:
        self.student, self.kind, self.layers, self.r = student, kind, layers, r
        made = student.tool("bert_models").made("library_classifier", 3, draw.integer(0, 9999), layers=layers)
        self.before = dict(made.parameters())
        ids = torch.tensor([[draw.integer(5, 20) for _ in range(4)] for _ in range(2)])
        self.inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
        self.answer = self._logits(made)
        self.made = made
        self.model = expect.handle(student.prepare(made, kind, r, alpha), what="what prepare gives")
        self.trained = set(trained(self.model))

    def _logits(self, model: Handle) -> Any:
        return self.student.tool("tuning").method("logits", model, self.inputs)

    def now(self) -> Any:
        """Its answers by now."""
        return self._logits(self.model)

    def step(self) -> None:
        """Train it for a moment."""
        self.student.tool("tuning").method("a_few_steps", self.model)

    def kept(self) -> set[str]:
        """Names of the old weights that are there, bit by bit, under whatever name."""
        after = list(self.model.parameters().values())
        return {name for name, p in self.before.items() if any(expect.identical(p, other) for other in after)}


@check(item="tuning", points=2)
def what_is_trained_fits_the_kind(student: Student, draw: Draw) -> None:
    """Each kind trains as many weights as its parts have, and of those that were there before the head, or all."""
    for kind in KINDS:
        one = Prepared(student, draw, kind)
        weights = one.model.parameters()
        d = one.before["classifier.weight"].shape[1]
        count = sum(weights[name].numel() for name in one.trained)
        more = {"head": 0, "lora": one.layers * 2 * one.r * 2 * d, "prompt": 5 * d}
        whole = sum(p.numel() for p in one.before.values())
        want = whole if kind == "full" else 3 * d + 3 + more[kind]
        hint = "head, and what is added; everything else is frozen"
        expect.true(count == want, f'Another number of weights is trained than "{kind}" wants.', hint)
        expect.true({"classifier.weight", "classifier.bias"} <= one.trained, f'The head is not trained with "{kind}".')


@check(item="tuning", points=2)
def frozen_weights_stay_bit_by_bit(student: Student, draw: Draw) -> None:
    """After some training steps all old weights but the head's are there, bit by bit; with "full" they have moved."""
    for kind in KINDS:
        one = Prepared(student, draw, kind)
        one.step()
        base = {name for name in one.before if not name.startswith("classifier")}
        kept = one.kept()
        if kind == "full":
            moved = [name for name in base if name not in kept]
            expect.true(
                2 * len(moved) > len(base), 'With "full" the base stays as it was.', "requires_grad of all weights"
            )
        else:
            hint = "which of the old weights still require a gradient, or were replaced?"
            expect.true(base <= kept, f'Training changes weights of the base with "{kind}".', hint)
        head = {"classifier.weight", "classifier.bias"}
        expect.true(not head & kept, f'Training does not move the head with "{kind}".')


@check(item="tuning")
def answers_are_the_old_ones_at_the_start(student: Student, draw: Draw) -> None:
    """Before any training a prepared model answers as before, except with a prompt."""
    for kind in KINDS[:3]:
        one = Prepared(student, draw, kind)
        expect.close(
            one.now(), one.answer, what="the answers of a prepared model", hint="nothing is trained yet", rtol=1e-4
        )


@check(item="tuning", points=2)
def corrections_stand_in_all_layers(student: Student, draw: Draw) -> None:
    """With "lora" the query and value layers of all blocks are corrected, as LoRALinear with r and alpha does."""
    for layers in (1, 2):
        one = Prepared(student, draw, "lora", r=2, layers=layers)
        where = [name for name in one.trained if not name.startswith("classifier")]
        for layer in range(layers):
            for part in ("query", "value"):
                mine = [name for name in where if f"layer.{layer}." in name and f".{part}." in name]
                expect.true(len(mine) == 2, "Some query or value layer has no correction.", "all blocks, both layers")
        expect.true(len(where) == 4 * layers, "Something else is corrected than queries and values.")
    for r, alpha in ((2, 1.0), (3, 8.0)):
        one = Prepared(student, draw, "lora", r=r, layers=1, alpha=alpha)
        for part in ("query", "value"):
            _corrects_like(student, draw, one, f"bert.encoder.layer.0.attention.self.{part}", r, alpha)


def _corrects_like(student: Student, draw: Draw, one: Prepared, name: str, r: int, alpha: float) -> None:
    """The layer of this name computes what the student's own LoRALinear with r and alpha does."""
    layer = one.model.made("get_submodule", name)
    d = one.before[f"{name}.weight"].shape[0]
    own = expect.handle(
        student.LoRALinear(student.tool("nn").made("Linear", d, d), r, alpha), what="LoRALinear(base, r, alpha)"
    )
    shapes = [{key: tuple(p.shape) for key, p in part.parameters().items()} for part in (layer, own)]
    expect.true(shapes[0] == shapes[1], "In the place of a query or value layer there is no LoRALinear of rank r.")
    weights = {key: draw.tensor(*p.shape, scale=0.3, dtype=torch.float32) for key, p in layer.parameters().items()}
    x, hint = draw.tensor(4, d, dtype=torch.float32), "hand r and alpha on to the layers, as they are"
    for part in (layer, own):
        part.load(weights)
    want = expect.numbers(own(x), (4, d), what="the output of LoRALinear")
    expect.close(layer(x), want, what="the output of a corrected layer", hint=hint, rtol=1e-4)


@check(item="tuning")
def the_model_itself_is_prepared(student: Student, draw: Draw) -> None:
    """It is the model that was given which is prepared, in place, and no copy of it."""
    for kind in ("head", "lora", "prompt"):
        one = Prepared(student, draw, kind, layers=1)
        hint = "the caller goes on with the model that it has"
        expect.true(set(trained(one.made)) == one.trained, f'With "{kind}" the given model is not prepared.', hint)


@check(item="tuning")
def prompt_is_in_the_model(student: Student, draw: Draw) -> None:
    """With "prompt" the model has a prompt of five vectors, which training moves."""
    one = Prepared(student, draw, "prompt")
    before = {name: p for name, p in one.model.parameters().items() if name.startswith("prompt.")}
    size = sum(p.numel() for p in before.values())
    expect.true(
        size == 5 * one.before["classifier.weight"].shape[1],
        "model.prompt does not have five vectors of the model's width.",
    )
    one.step()
    after = one.model.parameters()
    moved = any(not expect.identical(p, after.get(name)) for name, p in before.items())
    expect.true(moved, "Training does not move the prompt.")
