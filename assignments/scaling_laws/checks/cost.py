"""Hidden checks: parameters, FLOPs, and the table of model sizes (s001-2.3.1)."""

from __future__ import annotations

from typing import Any

from autograder.judge import Draw, Feedback, Student, StudentRaised, check, expect

from . import reference as ref


def sizes(draw: Draw) -> tuple[int, int, int, int]:
    """(vocab, context, width, layers), all different and small enough to build."""
    return draw.integer(40, 60), draw.integer(9, 16), draw.integer(17, 30), draw.integer(2, 5)


def giant(draw: Draw) -> tuple[int, int, int, int]:
    """Sizes of which a single matrix fills gigabytes."""
    return draw.integer(50001, 50999), draw.integer(2001, 2999), draw.integer(12001, 12999), draw.integer(90, 99)


def of_a_giant(student: Student, name: str, *sizes: int) -> float:
    """The student's number for a model that cannot be built here."""
    try:
        return expect.number(getattr(student, name)(*sizes), what=f"{name}(...)")
    except StudentRaised as error:
        if error.kind == "NotImplementedError":
            raise
        told = f"{name} fails for a model of GPT-3's size, which does not fit into this computer."
        raise Feedback(told, "a formula needs no model", str(error)) from None


def count(student: Student, *sizes: int) -> float:
    return expect.number(student.count_parameters(*sizes), what="count_parameters(...)")


def forward(student: Student, *sizes: int) -> float:
    return expect.number(student.forward_flops(*sizes), what="forward_flops(...)")


# --- s001-2.3.1: counting --------------------------------------------------


@check(item="s001-2.3.1", points=2)
def parameters_match_torch(student: Student, draw: Draw) -> None:
    """count_parameters equals torch's count for models of several shapes."""
    for layers in (1, 2, 5):
        vocab, context, width, _ = sizes(draw)
        expect.close(
            count(student, vocab, context, width, layers), ref.parameters(vocab, context, width, layers),
            what=f"count_parameters with {layers} layer{'s' * (layers > 1)}",
            hint="go through named_parameters() tensor by tensor; biases and LayerNorms count, a shared tensor once",
        )  # fmt: skip


@check(item="s001-2.3.1", points=1)
def each_layer_adds_the_same_parameters(student: Student, draw: Draw) -> None:
    """One more layer adds exactly the tensors of one nn.TransformerEncoderLayer."""
    vocab, context, width, layers = sizes(draw)
    added = count(student, vocab, context, width, layers + 1) - count(student, vocab, context, width, layers)
    want = ref.parameters(vocab, context, width, 2) - ref.parameters(vocab, context, width, 1)
    expect.close(
        added, want, what="what one more layer adds to count_parameters",
        hint="per layer: queries, keys, values and output of attention, two linear maps to and from 4h, two LayerNorms",
    )  # fmt: skip


@check(item="s001-2.3.1", points=1)
def parameters_outside_the_layers(student: Student, draw: Draw) -> None:
    """Vocabulary and context enter once each, as rows of width h; what else lies outside the layers is counted."""
    vocab, context, width, layers = sizes(draw)
    base = count(student, vocab, context, width, layers)
    more_words = count(student, vocab + 7, context, width, layers) - base
    more_places = count(student, vocab, context + 4, width, layers) - base
    hint = "the output uses the token embedding again; positions are learned; the last LayerNorm has scale and shift"
    expect.close(more_words, 7 * width, what="what seven more tokens add to count_parameters", hint=hint)
    expect.close(more_places, 4 * width, what="what four more positions add to count_parameters", hint=hint)
    one, two = (count(student, vocab, context, width, k) for k in (1, 2))
    outside = 2 * ref.parameters(vocab, context, width, 1) - ref.parameters(vocab, context, width, 2)
    expect.close(2 * one - two, outside, what="the part of count_parameters outside the layers", hint=hint)


@check(item="s001-2.3.1", points=1)
def parameters_of_a_giant(student: Student, draw: Draw) -> None:
    """count_parameters works for a model far too large for this computer, to the last digit."""
    large = giant(draw)
    got = of_a_giant(student, "count_parameters", *large)
    expect.close(
        got, ref.parameters(*large), what="count_parameters of a model of GPT-3's size", rtol=1e-12,
        hint="use a formula, or shapes without memory",
    )  # fmt: skip


@check(item="s001-2.3.1", points=2)
def forward_flops_match_torch(student: Student, draw: Draw) -> None:
    """forward_flops equals what torch's counter sees in one forward pass, and serves models too large to build."""
    for layers in (1, 3):
        vocab, length, width, _ = sizes(draw)
        expect.close(
            forward(student, vocab, length, width, layers), ref.flops(vocab, length, width, layers),
            what=f"forward_flops with {layers} layer{'s' * (layers > 1)}",
            hint="2mkn per product: four projections, scores, mixing of values, two maps of the hidden layer, logits",
        )  # fmt: skip
    large = giant(draw)
    expect.close(
        of_a_giant(student, "forward_flops", *large), ref.forward(*large), rtol=1e-12,
        what="forward_flops of a model of GPT-3's size", hint="counts of this size need more than single precision",
    )  # fmt: skip


@check(item="s001-2.3.1", points=1)
def attention_grows_with_the_square_of_the_length(student: Student, draw: Draw) -> None:
    """Doubling the length doubles the cost, apart from scores and mixing, which quadruple."""
    vocab, length, width, layers = sizes(draw)
    extra = forward(student, vocab, 2 * length, width, layers) - 2 * forward(student, vocab, length, width, layers)
    expect.close(
        extra, 8 * layers * length**2 * width, what="what forward_flops grows by beyond doubling when length doubles",
        hint="n queries meet n keys, and n x n weights mix n values: two products without parameters in each layer",
    )  # fmt: skip


@check(item="s001-2.3.1", points=1)
def output_costs_every_token_the_whole_vocabulary(student: Student, draw: Draw) -> None:
    """Logits are one product of every position with the whole embedding table; looking up embeddings is free."""
    vocab, length, width, layers = sizes(draw)
    more = forward(student, vocab + 9, length, width, layers) - forward(student, vocab, length, width, layers)
    expect.close(
        more, 18 * length * width, what="what nine more tokens add to forward_flops",
        hint="every position gets a score for each token of the vocabulary; a lookup is no product",
    )  # fmt: skip


@check(item="s001-2.3.1", points=2)
def training_flops_match_torch(student: Student, draw: Draw) -> None:
    """training_flops equals torch's count over forward and backward passes, for any number of sequences."""
    for sequences in (1, 3):
        vocab, length, width, layers = sizes(draw)
        got = expect.number(student.training_flops(vocab, length, width, layers, sequences), what="training_flops(...)")
        expect.close(
            got, ref.flops(vocab, length, width, layers, sequences=sequences, backward=True),
            what=f"training_flops of {sequences} sequence{'s' * (sequences > 1)}",
            hint="for Y = XW the backward pass needs a gradient for X and one for W",
        )  # fmt: skip
    large, sequences = giant(draw), draw.integer(12_000, 15_000)  # beyond what 64 bits hold, and soon added up
    expect.close(
        of_a_giant(student, "training_flops", *large, sequences), 3 * sequences * ref.forward(*large), rtol=1e-12,
        what="training_flops of a model of GPT-3's size", hint="counts of this size need more than single precision",
    )  # fmt: skip


# --- s001-2.3.1-table: what the table says ---------------------------------

SHAPE = {"vocab": 37, "context": 24, "length": 19, "layers": 2}
SMALL = {"vocab": 5, "context": 4, "length": 3, "layers": 1}  # so few FLOPs that losses are seen beside them


def drawn_runs(draw: Draw, shrink: int = 1) -> list[dict[str, Any]]:
    """Five runs in no order; one has its lowest loss first, one last, the others in between."""
    runs: list[dict[str, Any]] = []
    for width, epochs, lowest in ((24, 6, 2), (8, 5, 0), (40, 7, 6), (16, 5, 1), (32, 6, 4)):
        losses = [draw.uniform(2.0, 5.0) for _ in range(epochs)]
        losses[lowest] = draw.uniform(0.2, 1.5)
        seen = draw.integer(500, 3000) if shrink == 1 else draw.integer(2, 4)
        runs.append({"width": width // shrink, "sequences": seen, "losses": losses})
    return runs


def rows(student: Student, runs: list[dict[str, Any]], shape: dict[str, int]) -> dict[int, list[float]]:
    """The student's table with plain numbers, known to have one row of three per width."""
    table = student.size_table(runs, *shape.values())
    if not isinstance(table, dict):
        raise Feedback("size_table should return a dict from width to (parameters, FLOPs, loss).")
    if {k for k in table if isinstance(k, (int, float))} != {run["width"] for run in runs}:
        raise Feedback("size_table should have one entry per width of the runs, and the width as its key.")
    found = {}
    for width in (run["width"] for run in runs):
        row = expect.array(table[width], what="a row of size_table")
        expect.true(row.shape == (3,), "A row should hold parameters, FLOPs and loss.")
        found[width] = list(row)
    return found


@check(item="s001-2.3.1-table", points=2)
def table_has_parameters_and_flops_of_each_width(student: Student, draw: Draw) -> None:
    """Each row has the parameters and the training FLOPs of its width and of the sequences that its run saw."""
    drawn = drawn_runs(draw), drawn_runs(draw)
    tables = [(runs, rows(student, runs, SHAPE)) for runs in drawn]
    for run, found in ((run, found) for runs, found in tables for run in runs):
        width = run["width"]
        expect.close(
            found[width][0], ref.parameters(SHAPE["vocab"], SHAPE["context"], width, SHAPE["layers"]),
            what=f"the number of parameters at width {width}", hint="use count_parameters, with the context",
        )  # fmt: skip
        want = 3 * run["sequences"] * ref.forward(SHAPE["vocab"], SHAPE["length"], width, SHAPE["layers"])
        expect.close(
            found[width][1], want, what=f"the training FLOPs at width {width}",
            hint="forward and backward, over all sequences that this run saw; the width squared is no FLOP count",
        )  # fmt: skip


@check(item="s001-2.3.1-table", points=1)
def table_keeps_the_best_loss_of_each_run(student: Student, draw: Draw) -> None:
    """The loss of a row is the lowest of its run, and the runs stay as they were."""
    runs = drawn_runs(draw, shrink=8)
    found = rows(student, runs, SMALL)
    for run in runs:
        expect.close(
            found[run["width"]][2], min(run["losses"]), what=f"the loss at width {run['width']}",
            hint="the model that is kept is the best one over all epochs, not the last; in double precision",
        )  # fmt: skip
    _result, after = student.with_inputs("size_table", runs, *SMALL.values())
    expect.unharmed(runs, after[0], what="the list of runs")


def drawn_table(losses: list[float], order: list[int] | None = None) -> dict[int, tuple[int, int, float]]:
    """A table of these losses by rising width, filled in this order."""
    widths = [6, 11, 19, 40, 75, 130][: len(losses)]
    entries = [(width, (width**2, 9 * width**2, loss)) for width, loss in zip(widths, losses, strict=True)]
    return dict(entries[k] for k in order) if order else dict(entries)


def says(student: Student, table: dict[int, tuple[int, int, float]], key: str) -> Any:
    answer = student.claims(table)
    if not isinstance(answer, dict) or key not in answer:
        raise Feedback(f"claims should return a dict with the key {key!r}.")
    return answer[key]


def falling(draw: Draw, n: int) -> list[float]:
    return sorted((draw.uniform(0.5, 3.0) for _ in range(n)), reverse=True)


@check(item="s001-2.3.1-table", points=2)
def always_better_looks_at_every_step(student: Student, draw: Draw) -> None:
    """always_better is true when every step lowers the loss, and false when one does not, wherever it is."""
    hint = "compare each width with the next larger one; a single step upwards, or no change, makes it false"
    for n in (2, 6):
        got = expect.boolean(says(student, drawn_table(falling(draw, n)), "always_better"), what="always_better")
        expect.true(got, "always_better should be True for losses that fall at every step.", hint)
    for place in range(5):
        losses = falling(draw, 6)
        losses[place], losses[place + 1] = losses[place + 1], losses[place]
        got = expect.boolean(says(student, drawn_table(losses), "always_better"), what="always_better")
        expect.true(not got, "always_better should be False when the loss rises at one step.", hint)
    level = falling(draw, 6)
    level[3] = level[2]
    got = expect.boolean(says(student, drawn_table(level), "always_better"), what="always_better")
    expect.true(not got, "always_better should be False when one step leaves the loss as it was.", hint)


@check(item="s001-2.3.1-table", points=1)
def best_width_has_the_lowest_loss(student: Student, draw: Draw) -> None:
    """best_width is the key of the lowest loss, wherever it stands; nothing is kept from a larger table before."""
    for place, n, shift in ((0, 6, 0.0), (2, 6, 0.0), (4, 6, 0.0), (5, 6, 0.0), (1, 3, 1.0)):
        losses = [draw.uniform(1.0, 2.0) + shift for _ in range(n)]
        losses[place] = draw.uniform(0.3, 0.9) + shift
        table = drawn_table(losses)
        got = expect.number(says(student, table, "best_width"), what="best_width")
        expect.close(
            got, float(list(table)[place]), what="best_width",
            hint="the width (a key of the table) whose loss, the third number of its row, is lowest",
        )  # fmt: skip


@check(item="s001-2.3.1-table", points=1)
def largest_width_is_compared_with_the_best(student: Student, draw: Draw) -> None:
    """price_of_largest is the share by which the largest width's loss exceeds the lowest; 0 when it is the best."""
    for place in (1, 3, 5):
        losses = [draw.uniform(1.0, 2.0) for _ in range(6)]
        losses[place] = draw.uniform(0.3, 0.9)
        got = expect.number(says(student, drawn_table(losses), "price_of_largest"), what="price_of_largest")
        expect.close(
            got, losses[-1] / min(losses) - 1, what="price_of_largest", atol=1e-9,
            hint="as a share of the lowest loss; nothing when the largest width is the best",
        )  # fmt: skip


@check(item="s001-2.3.1-table", points=1)
def claims_do_not_depend_on_the_order_of_rows(student: Student, draw: Draw) -> None:
    """The same table, filled in another order, says the same; it is left as it is."""
    for order in ([3, 0, 5, 1, 4, 2], [5, 4, 3, 2, 1, 0]):
        losses = falling(draw, 6)
        for values in (losses, [*losses[:4], losses[5], losses[4]]):
            table = drawn_table(values, order)
            straight, (answer, after) = student.claims(drawn_table(values)), student.with_inputs("claims", table)
            for got in (straight, answer):
                if not isinstance(got, dict) or not {"always_better", "best_width", "price_of_largest"} <= set(got):
                    raise Feedback("claims should return a dict with always_better, best_width, price_of_largest.")
            for key in ("best_width", "price_of_largest", "always_better"):
                expect.same(
                    straight[key], answer[key], what=f"{key} when the rows come in another order",
                    hint="sort by width first: a dict keeps the order in which it was filled",
                )  # fmt: skip
            expect.unharmed(table, after[0], what="the table")
