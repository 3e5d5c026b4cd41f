"""Hidden checks of learned positions, and of the count of parameters."""

from __future__ import annotations

from typing import Any

import torch

from autograder.judge import Draw, Feedback, Handle, Student, check, expect

from . import reference as ref
from . import shared

# --- s004-1.04 -------------------------------------------------------------


def _positions(student: Student, draw: Draw, max_len: int, d: int) -> tuple[Handle, Any]:
    """The layer with drawn numbers in its table, and these numbers (max_len, d)."""
    layer = shared.build(student, "LearnedPE", max_len, d)
    table = _as_table(shared.fill(layer, draw), max_len, d)
    if table is None:
        raise Feedback(
            f"LearnedPE({max_len}, {d}) has no trainable table with {max_len} rows of width {d}.",
            "one nn.Parameter, or one nn.Embedding, with a row for each position",
        )
    return layer, table


def _as_table(weights: dict[str, Any], max_len: int, d: int) -> Any | None:
    """The trainable numbers as (max_len, d), however they are stored: with an axis for the batch, on their side, or
    row by row in a list; None when they cannot be read so."""
    tensors = [w.squeeze() for w in weights.values()]
    if max_len == 1:
        return next((tensor.reshape(1, d) for tensor in tensors if tensor.numel() == d), None)
    for tensor in tensors:
        if tensor.shape in ((max_len, d), (d, max_len)):
            return tensor if tensor.shape[0] == max_len else tensor.T
    if len(tensors) == max_len and all(w.shape == (d,) for w in tensors):
        return torch.stack([w.squeeze() for _, w in sorted(weights.items(), key=lambda pair: (len(pair[0]), pair[0]))])
    return None


@check(item="s004-1.04", points=2)
def the_first_rows_are_added(student: Student, draw: Draw) -> None:
    """forward(x) is x plus rows 0 ... n-1 of the table, for every sequence of the batch, call after call, in float32
    and float64, and x itself stays as it is."""
    layer, table = _positions(student, draw, 9, 4)
    for b, n, scale in ((3, 5, 1.0), (2, 7, 1.0), (5, 3, 1.0), (3, 5, 1e3), (1, 1, 1.0)):
        x = draw.tensor(b, n, 4, scale=scale)
        expect.close(
            shared.unharming(student, layer, x, what="LearnedPE"),
            x + table[:n],
            what="x with its positions",
            hint="row i of the table is added at position i, whatever the sequence; nothing is scaled or glued on",
        )
    single = layer.turned("float")(draw.tensor(2, 3, 4).float())
    expect.dtype(single, torch.zeros(1), what="x with its positions")


@check(item="s004-1.04")
def the_table_is_all_there_is_to_train(student: Student, draw: Draw) -> None:
    """Exactly max_len * d trainable numbers."""
    for max_len, d in ((9, 4), (3, 8)):
        layer = shared.build(student, "LearnedPE", max_len, d)
        count = sum(p.numel() for p in layer.parameters().values())
        expect.true(
            count == max_len * d,
            f"LearnedPE({max_len}, {d}) has too few or too many trainable numbers: it should be {max_len * d}.",
            "one row of width d for each position, and nothing else; a plain tensor or a buffer is not trained",
            f"{count}",
        )


@check(item="s004-1.04", points=2)
def too_long_an_input_is_refused(student: Student, draw: Draw) -> None:
    """An input of exactly max_len positions works, a longer one raises."""
    layer, table = _positions(student, draw, 6, 4)
    x = draw.tensor(2, 6, 4)
    expect.close(layer(x), x + table, what="x with its positions, at the full length", rtol=shared.ROUGH)
    single = shared.build(student, "LearnedPE", 1, 4)
    for asked, most, n in ((layer, 6, 7), (layer, 6, 12), (single, 1, 2)):
        raised = shared.raised_by(asked, draw.tensor(2, n, 4))
        expect.true(
            bool(raised),
            f"{n} positions pass through a table of {most} row{'s' if most > 1 else ''}.",
            "there is no row for them: raise ValueError rather than use a row twice",
        )


@check(item="s004-1.04")
def positions_differ_from_the_start(student: Student, draw: Draw) -> None:
    """A fresh table already tells positions apart, by small numbers, and tables of different seeds differ."""
    zero = torch.zeros(1, 8, 5, dtype=torch.float64)
    what = "the fresh positions"
    fresh = expect.numbers(shared.build(student, "LearnedPE", 8, 5)(zero), (1, 8, 5), what=what)
    gaps = [abs(fresh[0, i] - fresh[0, j]).max() for i in range(8) for j in range(i)]
    expect.true(
        bool(min(gaps) > 0),
        "Two positions of a fresh table are the same.",
        "start from small random numbers, one row per position",
    )
    expect.true(
        float((fresh - fresh.mean()).std()) < 2,
        "The numbers of a fresh table are not small.",
        "a position should not drown the word: a deviation of 0.02 is usual, and 1 the most",
    )
    other = expect.numbers(shared.build(student, "LearnedPE", 8, 5, seed=2)(zero), (1, 8, 5), what=what)
    expect.true(
        bool((other != fresh).any()), "The table is the same for every seed.", "learned positions start at random"
    )


@check(item="s004-1.04")
def the_result_depends_on_a_trained_table(student: Student, draw: Draw) -> None:
    """The result is connected to the table, so that training reaches it, and the table is in state_dict()."""
    layer, _ = _positions(student, draw, 7, 4)
    out = layer(draw.tensor(3, 5, 4))
    shared.alive(out, (3, 5, 4), what="x with its positions")
    expect.true(
        isinstance(out, torch.Tensor) and out.requires_grad,
        "No gradient leads from the result to the table.",
        "is the table detached on its way, or built anew in each call?",
    )
    state = expect.mapping(layer.method("state_dict"), (), what="state_dict()")
    saved = [t for t in state.values() if isinstance(t, torch.Tensor)]
    expect.true(
        all(any(torch.equal(t, part) for t in saved) for part in layer.parameters().values()),
        "The table is not among the tensors of state_dict(), so it would not be saved.",
    )


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
    """By default everything but the head counts: embedding, positions, blocks with biases and norms, last norm; to the
    last one, also of tens of millions."""
    # beyond 2**24, and odd: single precision cannot hold it; no larger, since a model may be built to be counted
    large = {"vocab": 2 * draw.integer(21_000, 29_000) + 1, "context": 2 * draw.integer(10, 40) + 1,
             "d": 6 * draw.integer(63, 66) + 3, "layers": 3, "heads": 3}  # fmt: skip
    for cfg in (*(_config(draw) for _ in range(3)), large):
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
