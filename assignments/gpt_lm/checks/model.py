"""Hidden checks of the block and the GPT.

Both are judged as compositions of the student's own parts, which are called one by one: a slip inside the
attention or the positions costs its own item and not these.
"""

from __future__ import annotations

import math
from typing import Any

import torch

from autograder.judge import (
    Draw,
    Handle,
    Student,
    check,
    expect,
    gradients_fit_values,
    said,
)

from . import reference as ref
from . import shared

_SIZES = {"vocab": 13, "context": 9, "d": 12, "layers": 3, "heads": 2}


def _gpt(student: Student, draw: Draw | None = None, changes: dict[str, int] | None = None) -> Handle:
    model = shared.build(student, "GPT", **(_SIZES | (changes or {})))
    if draw is not None:
        shared.fill(model, draw)
    return model


def _leaks(student: Student, draw: Draw) -> bool:
    """Whether the student's attention alone shows the future: then that is where it costs, not in the GPT."""
    layer = shared.build(student, "CausalSelfAttention", 12, 2)
    shared.fill(layer, draw)
    x = draw.tensor(1, 5, 12)
    changed = x.clone()
    changed[:, 3] += 1.0
    before, after = (expect.array(shared.pair(layer(v), "CausalSelfAttention")[0], what="it") for v in (x, changed))
    kept = before.shape == after.shape == x.shape
    return not kept or not bool(abs(before[:, :3] - after[:, :3]).max() <= 1e-9)


@check(item="s004-1.06-gpt", points=3)
def a_block_adds_attention_then_mlp(student: Student, draw: Draw) -> None:
    """A block is x + attention(norm1(x)), then x + mlp(norm2(x)), with its own parts called one by one, for small and
    large x, and for a single position; its argument stays as it is."""
    block = shared.build(student, "Block", 12, 3)
    shared.fill(block, draw)
    for b, n, scale in ((2, 5, 1.0), (2, 5, 1e3), (1, 1, 1.0)):
        x = draw.tensor(b, n, 12, scale=scale)
        seen = shared.pair(block.part("attention")(block.part("norm1")(x)), "the attention of a block")[0]
        middle = x + _tensor(seen, "the attention of a block", (b, n, 12))
        want = middle + _tensor(block.part("mlp")(block.part("norm2")(middle)), "the mlp of a block", (b, n, 12))
        got = shared.unharming(student, block, x, what="Block")
        expect.close(
            got,
            want.detach(),
            what="the result of a block",
            rtol=shared.ROUGH,
            hint="both parts are *added* to x, and each reads a normalised copy of what it is added to",
        )


_IN_A_BLOCK = [f"attention.{part}" for part in "QKVO"] + ["mlp.0", "mlp.2", "norm1", "norm2"]
_PLANNED = {
    f"{part}.{kind}"
    for part in ("embedding", "norm", "head", *(f"blocks.{n}.{inner}" for n in range(3) for inner in _IN_A_BLOCK))
    for kind in ("weight", "bias")
}


def _named(name: str) -> str:
    """What a message calls a parameter of a GPT."""
    return said.name(name, _PLANNED, "A parameter of another name than in the plan")


def _tensor(value: Any, what: str, shape: tuple[int, ...] | None = None) -> Any:
    numbers = expect.numbers(value, shape, what=what)
    return value if isinstance(value, torch.Tensor) else torch.from_numpy(numbers)


@check(item="s004-1.06-gpt")
def the_parts_of_a_block_are_as_planned(student: Student, draw: Draw) -> None:
    """norm1, norm2 and mlp are LayerNorms and a network d -> 4 d -> d with GELU, and attention has `heads` heads."""
    block = shared.build(student, "Block", 12, 3)
    shapes = {"mlp.0.weight": (48, 12), "mlp.0.bias": (48,), "mlp.2.weight": (12, 48), "mlp.2.bias": (12,)}
    norms = {f"{norm}.{kind}": (12,) for norm in ("norm1", "norm2") for kind in ("weight", "bias")}
    shared.layers(block, shapes | norms, "Block")
    weights = shared.fill(block, draw)
    x = draw.tensor(2, 4, 12)
    inner = torch.nn.functional.linear(x, weights["mlp.0.weight"], weights["mlp.0.bias"])
    want = torch.nn.functional.linear(torch.nn.functional.gelu(inner), weights["mlp.2.weight"], weights["mlp.2.bias"])
    got = expect.numbers(block.part("mlp")(x), tuple(want.shape), what="mlp(x)")
    loose = abs(got - want.numpy()).max() < 1e-2 * float(want.abs().max())  # GELU by tanh is as good
    expect.true(bool(loose), "mlp is not Linear, GELU, Linear.", "in this order, nothing else")
    for name in ("norm1", "norm2"):
        normed = torch.nn.functional.layer_norm(x, (12,), weights[f"{name}.weight"], weights[f"{name}.bias"])
        expect.close(block.part(name)(x), normed, what=f"{name}(x)", rtol=1e-4, hint="nn.LayerNorm(d)")
    shares = expect.array(shared.pair(block.part("attention")(x), "the attention of a block")[1], what="the weights")
    expect.true(shares.ndim == 4 and shares.shape[1] == 3, "The attention of Block(12, 3) does not have 3 heads.")


@check(item="s004-1.06-gpt", points=3)
def the_gpt_runs_its_parts_in_order(student: Student, draw: Draw) -> None:
    """Logits are head(norm(blocks(position(embedding(ids))))), each part called one by one, every block once."""
    model = _gpt(student, draw)
    ids = shared.windows(draw, 4, 6, 13)
    expect.true(
        len(set(_blocks(model))) == 3,
        "GPT(layers=3) does not have three blocks with weights of their own.",
        "build a new Block for each layer",
    )
    words = _tensor(model.part("embedding")(ids), "words").detach()
    x = _tensor(model.part("position")(words), "words with their positions").detach()
    for number in range(3):
        x = _tensor(model.part("blocks").made("__getitem__", number)(x), "a block").detach()
    want = _tensor(model.part("head")(model.part("norm")(x)), "the head")
    expect.shape(model(ids), (4, 7, 13), what="the logits", hint="(batch, positions, vocab)")
    expect.close(
        model(ids),
        want.detach(),
        what="the logits",
        rtol=shared.ROUGH,
        hint="embed, add positions, every block in turn, norm, head; no softmax at the end",
    )


def _blocks(model: Handle) -> list[str]:
    """The numbers of the blocks that have parameters: tied blocks are listed once by PyTorch."""
    return [name.split(".")[1] for name in model.parameters() if name.startswith("blocks.")]


@check(item="s004-1.06-gpt", points=2)
def no_word_reaches_an_earlier_position(student: Student, draw: Draw) -> None:
    """Changing word j changes no logits before j, also when scores are large, and does change later ones."""
    model = shared.build(student, "GPT", **_SIZES)
    drawn = shared.fill(model, draw, scale=3.0)
    if _leaks(student, draw):  # then without it, so that the rest of the GPT is still held to this
        outputs = {name: 0 * value for name, value in drawn.items() if ".attention.O." in name}
        expect.true(bool(outputs), "The blocks of a GPT have no attention whose output layer is O.")
        model.method("load_state_dict", drawn | outputs, False)
    ids = shared.windows(draw, 4, 8, 13)
    before = shared.alive(model(ids), (4, 9, 13), what="the logits")
    for j in (1, draw.integer(3, 6), 8):
        changed = ids.clone()
        changed[:, j] = (changed[:, j] + draw.integer(1, 12)) % 13
        after = expect.numbers(model(changed), (4, 9, 13), what="the logits")
        expect.same(
            before[:, :j],
            after[:, :j],
            what=f"the logits before position {j}, when word {j} changes",
            rtol=shared.ROUGH,
            hint="does every block use the causal attention?",
        )
        expect.true(bool((after[:, j:] != before[:, j:]).any()), f"Word {j} matters nowhere.")


@check(item="s004-1.06-gpt", points=2)
def a_fresh_gpt_is_nearly_uniform(student: Student, draw: Draw) -> None:
    """Before training the loss lies within 0.1 of ln V, but the logits are not all the same."""
    for changes in ({}, {"vocab": 70, "context": 32, "d": 48, "layers": 2, "heads": 4}, {"vocab": 300, "d": 64}):
        model = _gpt(student, changes=changes)
        sizes = _SIZES | changes
        windows = shared.windows(draw, 8, sizes["context"], sizes["vocab"])
        logits = model(windows[:, :-1])
        shared.alive(logits, (8, sizes["context"], sizes["vocab"]), what="the logits")
        loss = ref.next_token_loss(_tensor(logits, "the logits"), windows)
        expect.true(
            abs(loss - math.log(sizes["vocab"])) < 0.1,
            "A fresh GPT is not close to uniform: its loss is not near ln V.",
            "which layers still have PyTorch's default start? all nn.Linear and nn.Embedding begin with deviation 0.02",
            f"loss {loss}",
        )


@check(item="s004-1.06-gpt")
def weights_start_small_and_biases_at_zero(student: Student, draw: Draw) -> None:
    """Words and matrices start with deviation 0.02 (the last matrix of a branch may start smaller), Linear biases at 0,
    norms as PyTorch makes them, positions small; and another seed makes another GPT."""
    fresh = _gpt(student, changes={"d": 24, "vocab": 40}).parameters()
    for name, tensor in fresh.items():
        values, part = tensor.detach(), name.rpartition(".")[0].rpartition(".")[2]
        if name.startswith("position."):
            expect.true(float(values.std()) < 0.5, "Positions of a fresh GPT are not small.", "words have 0.02")
            continue
        if values.ndim == 1:
            norm = "norm" in part and name.endswith("weight")
            words = f"{_named(name)} of a fresh GPT does not start at {int(norm)}."
            expect.true(bool((values == float(norm)).all()), words)
            continue
        last = part == "O" or name.endswith("mlp.2.weight")
        expect.true(
            (0.001 if last else 0.013) < float(values.std()) < 0.028,
            f"{_named(name)} of a fresh GPT does not start with deviation 0.02.",
            "all nn.Linear and nn.Embedding, also those inside the blocks: self.modules() finds them",
            f"deviation {float(values.std())}",
        )
    student.seed(2)
    other = shared.module(student.GPT(**(_SIZES | {"d": 24, "vocab": 40})), "GPT(...)").parameters()
    expect.true(
        any(not torch.equal(tensor, other[name].double()) for name, tensor in fresh.items() if name in other),
        "A GPT is the same for every seed.",
        "torch.manual_seed belongs to the caller, not into the class",
    )


@check(item="s004-1.06-gpt")
def the_parts_of_a_gpt_are_as_planned(student: Student, draw: Draw) -> None:
    """Embedding, last norm and head have the names and shapes of the plan, and the head has no bias."""
    # lists a head that shares the embedding's weights, too
    found = expect.mapping(_gpt(student).method("state_dict"), (), what="state_dict() of GPT")
    shapes = {"embedding.weight": (13, 12), "norm.weight": (12,), "norm.bias": (12,), "head.weight": (13, 12)}
    for name, shape in shapes.items():
        expect.true(
            isinstance(found.get(name), torch.Tensor) and tuple(found[name].shape) == shape,
            f"GPT has no tensor {name} of the planned shape.",
            "use the names of the table for its parts",
        )
    expect.true("head.bias" not in found, "The head has a bias.", "nn.Linear(d, vocab, bias=False)")


@check(item="s004-1.06-gpt")
def positions_matter_to_the_gpt(student: Student, draw: Draw) -> None:
    """The same word gets other logits at another position, even when all words before it are the same word."""
    model = _gpt(student, draw)
    logits = shared.alive(model(torch.full((1, 6), draw.integer(0, 12))), (1, 6, 13), what="the logits")
    gaps = [abs(logits[0, i] - logits[0, i - 1]).max() for i in range(1, 6)]
    expect.true(
        bool(min(gaps) > 1e-6), "The GPT cannot tell positions apart.", "position(...) is added after embedding"
    )


@check(item="s004-1.06-gpt")
def the_context_is_a_limit(student: Student, draw: Draw) -> None:
    """Any length up to the context works, a longer one raises, and each window of a batch stands alone."""
    model = _gpt(student, draw)
    for n in (1, 9, 4):
        ids = shared.windows(draw, 3, n - 1, 13)
        logits = shared.alive(model(ids), (3, n, 13), what="the logits")
        expect.same(logits[1:2], model(ids[1:2]), what="one window, alone or in a batch", rtol=shared.ROUGH)
    layer = shared.build(student, "LearnedPE", 9, 12)
    if shared.raised_by(layer, draw.tensor(1, 10, 12)):  # positions without a limit are charged with LearnedPE
        raised = shared.raised_by(model, shared.windows(draw, 2, 9, 13))
        expect.true(bool(raised), "A window longer than the context passes.", "context is the number of positions")


@check(item="s004-1.06-gpt", points=3)
def one_batch_can_be_learned_by_heart(student: Student, draw: Draw) -> None:
    """Training reaches all of the GPT: its gradients are those of its logits, and on one batch the loss falls below a
    fifth of ln V within 60 updates."""
    model = shared.build(student, "GPT", **_SIZES).turned("float")
    ids = shared.windows(draw, 4, 8, 13)
    ids[:, 0] = torch.tensor([0, 4, 8, 12])
    logits = model(ids[:, :-1])
    shared.alive(logits, (4, 8, 13), what="the logits")
    expect.true(logits.requires_grad, "No gradient leads from the logits to the parameters.", "is something detached?")
    whole = shared.build(student, "GPT", **(_SIZES | {"layers": 2}))
    shared.fill(whole, draw)
    gradients_fit_values(whole, [ids[:3, :7]], draw, what="the logits", known=_PLANNED)
    start = model.parameters()
    losses = _updated(model, ids)  # the student's own loop comes later, and has an item of its own
    end = model.parameters()
    still = [name for name, tensor in start.items() if tensor.ndim > 1 and torch.equal(tensor, end[name])]
    still = [name for name in still if ".attention." not in name and not name.startswith("position.")]
    expect.true(
        not still,
        "Training changes only a part of the GPT's matrices.",
        "no gradient reaches the others: is something computed without gradients, or never used?",
        f"still: {still}",
    )
    words, name = ids[:, :-1].unique(), "embedding.weight"
    expect.true(
        name not in start or bool((start[name][words] != end[name][words]).any(-1).all()),
        "Training leaves the vectors of some words as they were.",
        "every word is a word, number 0 too: nn.Embedding(vocab, d) without padding_idx",
    )
    # by our measure or by the student's: an objective of another kind has its own item
    reached = min(losses[-1], ref.next_token_loss(_tensor(model(ids[:, :-1]), "the logits").detach(), ids))
    expect.true(
        reached < 0.2 * math.log(13),
        "The GPT cannot learn one small batch by heart.",
        "some part gets no gradient, or the sum x + ... is missing somewhere",
        f"losses {losses[::10]}",
    )


def _updated(model: Handle, ids: Any) -> list[float]:
    """The losses of 60 updates by Adam, done here with the gradients of the student's model."""
    weights = {name: value.detach().clone().requires_grad_() for name, value in model.parameters().items()}
    optimizer, losses = torch.optim.Adam(weights.values(), 0.02), []
    for _ in range(60):
        logits = _tensor(model(ids[:, :-1]), "the logits").detach().requires_grad_()
        expect.shape(logits, (*ids[:, 1:].shape, logits.shape[-1]), what="the logits")
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten())
        (cotangent,) = torch.autograd.grad(loss, logits)
        for name, gradient in model.parameter_gradients([ids[:, :-1]], [cotangent]).items():
            fits = name in weights and gradient is not None and gradient.shape == weights[name].shape
            if fits:
                weights[name].grad = gradient.detach().to(weights[name].dtype)
        optimizer.step()
        model.method("load_state_dict", {name: value.detach() for name, value in weights.items()}, False)
        losses.append(float(loss))
    return losses
