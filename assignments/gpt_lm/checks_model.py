"""Hidden checks of learned positions, the block, the GPT, and its parameter count.

Block and GPT are judged as compositions of the student's own parts, which are called one by one: a slip inside the
attention or the positions costs its own item and not these.
"""

from __future__ import annotations

import math
from typing import Any

import torch

from autograder.errors import Feedback
from autograder.judge import Draw, Handle, Student, beside, check, expect
from autograder.judge.student import NameMissing, StudentRaised

ref, shared = beside(__file__, "reference.py"), beside(__file__, "shared.py")


# --- s004-1.04 -------------------------------------------------------------


def _positions(student: Student, draw: Draw, max_len: int, d: int) -> tuple[Handle, Any]:
    """The layer with drawn numbers in its table, and these numbers (max_len, d)."""
    layer = shared.build(student, "LearnedPE", max_len, d)
    weights = shared.fill(layer, draw)
    tables = [w for w in weights.values() if tuple(w.shape) == (max_len, d)]
    expect.true(
        len(tables) == 1,
        f"LearnedPE({max_len}, {d}) has no trainable table of shape ({max_len}, {d}).",
        "one nn.Parameter, or one nn.Embedding, with a row for each position",
    )
    return layer, tables[0]


@check(item="s004-1.04", points=2)
def the_first_rows_are_added(student: Student, draw: Draw) -> None:
    """forward(x) is x plus rows 0 ... n-1 of the table, for every sequence of the batch, in float32 and float64."""
    layer, table = _positions(student, draw, 9, 4)
    for b, n in ((3, 5), (2, 7), (5, 3)):
        x = draw.tensor(b, n, 4)
        expect.close(
            layer(x),
            x + table[:n],
            what="x with its positions",
            hint="row i of the table is added at position i, whatever the sequence; nothing is scaled or glued on",
        )
    single = layer.method("float")(draw.tensor(2, 3, 4).float())
    expect.dtype(single, torch.zeros(1), what="x with its positions")


@check(item="s004-1.04")
def the_table_is_all_there_is_to_train(student: Student, draw: Draw) -> None:
    """Exactly max_len * d trainable numbers."""
    for max_len, d in ((9, 4), (3, 8)):
        layer = shared.build(student, "LearnedPE", max_len, d)
        count = sum(p.numel() for p in layer.parameters().values())
        expect.true(
            count == max_len * d,
            f"LearnedPE({max_len}, {d}) has {count} trainable numbers, not {max_len * d}.",
            "one row of width d for each position, and nothing else; a plain tensor or a buffer is not trained",
        )


@check(item="s004-1.04", points=2)
def too_long_an_input_is_refused(student: Student, draw: Draw) -> None:
    """An input of exactly max_len positions works, a longer one raises."""
    layer, table = _positions(student, draw, 6, 4)
    x = draw.tensor(2, 6, 4)
    expect.close(layer(x), x + table, what="x with its positions, at the full length", rtol=shared.ROUGH)
    for n in (7, 12):
        raised = _raised(layer, draw.tensor(2, n, 4))
        expect.true(
            bool(raised),
            f"{n} positions pass through a table of 6 rows.",
            "there is no row for them: raise ValueError rather than use a row twice",
        )


def _raised(layer: Handle, *args: Any) -> str:
    """The class of what the call raises, or ""."""
    try:
        layer(*args)
    except StudentRaised as error:
        return error.kind
    return ""


@check(item="s004-1.04")
def positions_differ_from_the_start(student: Student, draw: Draw) -> None:
    """A fresh table already tells positions apart, and tables of different seeds differ."""
    zero = torch.zeros(1, 8, 5, dtype=torch.float64)
    fresh = expect.array(shared.build(student, "LearnedPE", 8, 5)(zero), what="the fresh positions")
    expect.shape(fresh, (1, 8, 5), what="x with its positions")
    gaps = [abs(fresh[0, i] - fresh[0, j]).max() for i in range(8) for j in range(i)]
    expect.true(
        bool(min(gaps) > 0),
        "Two positions of a fresh table are the same.",
        "start from small random numbers, one row per position",
    )
    other = expect.array(shared.build(student, "LearnedPE", 8, 5, seed=2)(zero), what="the fresh positions")
    expect.true(
        bool((other != fresh).any()), "The table is the same for every seed.", "learned positions start at random"
    )


@check(item="s004-1.04")
def the_result_depends_on_a_trained_table(student: Student, draw: Draw) -> None:
    """The result is connected to the table, so that training reaches it, and the table is in state_dict()."""
    layer, table = _positions(student, draw, 7, 4)
    out = layer(draw.tensor(3, 5, 4))
    shared.alive(out, (3, 5, 4), what="x with its positions")
    expect.true(
        isinstance(out, torch.Tensor) and out.requires_grad,
        "No gradient leads from the result to the table.",
        "is the table detached on its way, or built anew in each call?",
    )
    saved = layer.method("state_dict")
    expect.true(
        any(isinstance(t, torch.Tensor) and t.shape == table.shape and torch.equal(t, table) for t in saved.values()),
        "The table is not among the tensors of state_dict(), so it would not be saved.",
    )


# --- s004-1.06-gpt ---------------------------------------------------------

_SIZES = {"vocab": 13, "context": 9, "d": 12, "layers": 3, "heads": 2}


def _gpt(student: Student, draw: Draw | None = None, **changes: int) -> Handle:
    model = shared.build(student, "GPT", **(_SIZES | changes))
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
    return before.shape != after.shape or bool(abs(before[:, :3] - after[:, :3]).max() > 1e-9)


@check(item="s004-1.06-gpt", points=3)
def a_block_adds_attention_then_mlp(student: Student, draw: Draw) -> None:
    """A block is x + attention(norm1(x)), then x + mlp(norm2(x)), with its own parts called one by one."""
    block = shared.build(student, "Block", 12, 3)
    shared.fill(block, draw)
    x = draw.tensor(2, 5, 12)
    seen = shared.pair(block.attention(block.norm1(x)), "the attention of a block")[0]
    middle = x + _tensor(seen, "the attention of a block")
    want = middle + _tensor(block.mlp(block.norm2(middle)), "the mlp of a block")
    expect.close(
        block(x),
        want.detach(),
        what="the result of a block",
        rtol=shared.ROUGH,
        hint="both parts are *added* to x, and each reads a normalised copy of what it is added to",
    )


def _tensor(value: Any, what: str) -> Any:
    expect.array(value, what=what)
    return torch.as_tensor(value)


@check(item="s004-1.06-gpt")
def the_parts_of_a_block_are_as_planned(student: Student, draw: Draw) -> None:
    """norm1, norm2 and mlp are LayerNorms and a network d -> 4 d -> d with GELU, and attention has `heads` heads."""
    block = shared.build(student, "Block", 12, 3)
    shapes = {"mlp.0.weight": (48, 12), "mlp.2.weight": (12, 48), "norm1.weight": (12,), "norm2.bias": (12,)}
    shared.layers(block, shapes, "Block")
    weights = shared.fill(block, draw)
    x = draw.tensor(2, 4, 12)
    inner = torch.nn.functional.linear(x, weights["mlp.0.weight"], weights["mlp.0.bias"])
    want = torch.nn.functional.linear(torch.nn.functional.gelu(inner), weights["mlp.2.weight"], weights["mlp.2.bias"])
    got = expect.array(block.mlp(x), what="mlp(x)")
    loose = abs(got - want.numpy()).max() < 1e-2 * float(want.abs().max())  # GELU by tanh is as good
    expect.true(
        got.shape == want.shape and bool(loose), "mlp is not Linear, GELU, Linear.", "in this order, nothing else"
    )
    for name in ("norm1", "norm2"):
        normed = torch.nn.functional.layer_norm(x, (12,), weights[f"{name}.weight"], weights[f"{name}.bias"])
        expect.close(getattr(block, name)(x), normed, what=f"{name}(x)", rtol=1e-4, hint="nn.LayerNorm(d)")
    shares = expect.array(shared.pair(block.attention(x), "the attention of a block")[1], what="the weights")
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
    x = _tensor(model.position(model.embedding(ids)), "words with their positions")
    for number in range(3):
        x = _tensor(model.blocks.method("__getitem__", number)(x), "a block")
    want = _tensor(model.head(model.norm(x)), "the head")
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
    if _leaks(student, draw):
        return
    model = shared.build(student, "GPT", **_SIZES)
    shared.fill(model, draw, scale=3.0)
    ids = shared.windows(draw, 4, 8, 13)
    before = shared.alive(model(ids), (4, 9, 13), what="the logits")
    for j in (1, draw.integer(3, 6), 8):
        changed = ids.clone()
        changed[:, j] = (changed[:, j] + draw.integer(1, 12)) % 13
        after = expect.array(model(changed), what="the logits")
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
        model = _gpt(student, **changes)
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
    if _raised(layer, draw.tensor(1, 10, 12)):  # positions without a limit are charged with LearnedPE
        raised = _raised(model, shared.windows(draw, 2, 9, 13))
        expect.true(bool(raised), "A window longer than the context passes.", "context is the number of positions")


@check(item="s004-1.06-gpt", points=3)
def one_batch_can_be_learned_by_heart(student: Student, draw: Draw) -> None:
    """Training reaches all of the GPT: on one batch the loss falls below a fifth of ln V within 60 updates."""
    model = shared.build(student, "GPT", **_SIZES).method("float")
    ids = shared.windows(draw, 4, 8, 13)
    logits = model(ids[:, :-1])
    shared.alive(logits, (4, 8, 13), what="the logits")
    expect.true(logits.requires_grad, "No gradient leads from the logits to the parameters.", "is something detached?")
    if not _step_works(student, draw):  # then the loop is charged, and this cannot be tried
        return
    optimizer = shared.torch_part(student, "optim").method("Adam", model.method("parameters"), 0.02)
    start = model.parameters()
    losses = [expect.number(student.train_step(model, optimizer, ids), what="the loss") for _ in range(60)]
    end = model.parameters()
    still = [name for name, tensor in start.items() if tensor.ndim > 1 and torch.equal(tensor, end[name])]
    still = [name for name in still if ".attention." not in name and not name.startswith("position.")]
    expect.true(
        not still,
        "Training changes only a part of the GPT's matrices.",
        "no gradient reaches the others: is something computed without gradients, or never used?",
        f"still: {still}",
    )
    expect.true(
        losses[-1] < 0.2 * math.log(13),
        "The GPT cannot learn one small batch by heart.",
        "some part gets no gradient, or the sum x + ... is missing somewhere",
        f"losses {losses[::10]}",
    )


def _step_works(student: Student, draw: Draw) -> bool:
    """Whether the student's train_step teaches a bigram table, which has nothing to do with the GPT."""
    windows = (torch.arange(12).reshape(2, 6) * 5) % 7
    table = shared.table(student, torch.zeros(7, 7, dtype=torch.float64))
    optimizer = shared.torch_part(student, "optim").method("Adam", table.method("parameters"), 0.1)
    try:
        losses = [expect.number(student.train_step(table, optimizer, windows), what="it") for _ in range(30)]
    except (Feedback, NameMissing, StudentRaised):
        return False
    return losses[-1] < 0.5 * losses[0]


# --- s000-5.1.9a-count -----------------------------------------------------


def _config(draw: Draw) -> dict[str, int]:
    heads = draw.integer(2, 5)
    return {
        "vocab": draw.integer(50, 400),
        "context": draw.integer(7, 40),
        "d": heads * draw.integer(3, 9),
        "layers": draw.integer(2, 6),
        "heads": heads,
    }


@check(item="s000-5.1.9a-count", points=2)
def parameters_without_the_head(student: Student, draw: Draw) -> None:
    """By default everything but the head counts: embedding, positions, blocks with biases and norms, last norm."""
    for _ in range(3):
        cfg = _config(draw)
        got = expect.number(student.count_params(cfg), what="count_params(cfg)")
        expect.true(
            got == ref.parameters(cfg, False),
            "count_params(cfg) is not the number of parameters without the head.",
            "go through the plan: every Linear but the head has a bias, every LayerNorm has weight and bias",
            f"got {got} for {cfg}, want {ref.parameters(cfg, False)}",
        )


@check(item="s000-5.1.9a-count")
def parameters_with_the_head(student: Student, draw: Draw) -> None:
    """With head=True the head's weights come on top; it has no bias."""
    for _ in range(3):
        cfg = _config(draw)
        difference = expect.number(student.count_params(cfg, head=True), what="count_params(cfg, head=True)")
        difference -= expect.number(student.count_params(cfg), what="count_params(cfg)")
        expect.true(
            difference == cfg["vocab"] * cfg["d"],
            "The head does not count with as many weights as it has.",
            "nn.Linear(d, vocab, bias=False)",
            f"got {difference} for {cfg}",
        )


@check(item="s000-5.1.9a-count")
def layers_count_each_and_heads_do_not(student: Student, draw: Draw) -> None:
    """One more layer adds one block; the number of heads changes nothing; the arguments stay as they are."""
    cfg = _config(draw)
    base, after = student.with_inputs("count_params", cfg)
    expect.unharmed([cfg], after, what="the argument of count_params")
    base = expect.number(base, what="count_params(cfg)")
    more = expect.number(student.count_params(cfg | {"layers": cfg["layers"] + 1}), what="count_params(cfg)")
    block = ref.parameters(cfg | {"layers": cfg["layers"] + 1}, False) - ref.parameters(cfg, False)
    expect.true(
        more - base == block,
        "One more layer does not add the parameters of one block.",
        "attention 4 d^2 + 4 d; what do the mlp and the two norms add?",
    )
    other = expect.number(student.count_params(cfg | {"heads": 1}), what="count_params(cfg)")
    expect.true(other == base, "The number of heads changes the number of parameters.", "heads share the d columns")
