"""Hidden checks of the training loop, on bigram tables: its rows, its batches, its best weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from autograder.judge import Draw, Feedback, Handle, Student, check, expect

from . import reference as ref
from . import shared, tables, watching


def _text(draw: Draw, law: Any, count: int) -> Any:
    """Running text of a Markov chain with transition law (V, V)."""
    ids = [draw.integer(0, tables.VOCAB - 1)]
    table = law.cumsum(-1).numpy()
    for _ in range(count - 1):
        ids.append(min(tables.VOCAB - 1, int(np.searchsorted(table[ids[-1]], draw.uniform()))))
    return torch.tensor(ids)


def _laws(draw: Draw) -> tuple[Any, Any]:
    """Two sharp laws that contradict each other, but agree with a table of zeros about nothing in particular."""
    law = torch.softmax(draw.tensor(tables.VOCAB, tables.VOCAB, scale=1.5), -1)
    return law, law[draw.permutation(tables.VOCAB)]


_SETTINGS = {"steps": 60, "batch": 8, "length": 6, "rate": 0.05, "every": 20, "seed": 3}


def _train(student: Student, weight: Any, text: Any, validation: Any, **changes: Any) -> tuple[Any, Any, Handle]:
    shared.begun(student, "train", steps=1, batch=1, length=1, rate=1.0, every=1)
    settings = _SETTINGS | changes
    table = shared.table(student, weight)
    table.method("register_buffer", "note", torch.zeros(1))  # state_dict() holds more than parameters
    log, best = shared.pair(student.train(table, text, validation, **settings), "train")
    return shared.rows(log, "the log"), best, table


def _validation_loss(weight: Any, validation: Any) -> float:
    return float(ref.next_token_loss(weight[validation[:, :-1]], validation))


def _weight(best: Any) -> Any:
    """The table among the best tensors."""
    if not isinstance(best, dict) or not isinstance(best.get("weight"), torch.Tensor) or "note" not in best:
        raise Feedback("best is not a dict with the tensors of state_dict().", "name -> tensor, buffers too")
    expect.shape(best["weight"], (tables.VOCAB, tables.VOCAB), what="the best weights")
    expect.dtype(best["weight"], torch.zeros(1, dtype=torch.float64), what="the best weights")
    return best["weight"].detach()


@check(item="s000-5.1.9c-training", points=2)
def the_log_has_its_rows(student: Student, draw: Draw) -> None:
    """Rows for step 0, every `every` steps and the last; row 0 from before training; the last from after it."""
    law, contrary = _laws(draw)
    text, weight = _text(draw, law, 300), draw.tensor(tables.VOCAB, tables.VOCAB, scale=0.3)
    few, hard = (
        torch.stack([_text(draw, rule, 8) for _ in range(count)]) for rule, count in ((law, 70), (contrary, 60))
    )
    many = torch.cat([few, hard])  # the last are harder: whoever looks at the first only is far off
    for steps, every, start, validation in (
        (50, 20, weight, few[:4]),
        (30, 10, 0.5 * law.log(), many),
        (7, 25, weight, few[:4]),
    ):
        log, _, table = _train(student, start, text, validation, steps=steps, every=every)
        want = sorted({*range(0, steps + 1, every), steps})
        found = [row[0] for row in log]
        expect.true(
            found == want,
            f"For {steps} steps with a look every {every}, the rows of the log are for other steps.",
            "step 0 before the first update, then after every `every` updates, and after the last; each once",
            f"got {found}, want {want}",
        )
        hint = "the mean over *all* validation windows as `evaluate` gives it, with the weights of that moment"
        for row, moment, now in (
            (log[0], "before training", start),
            (log[-1], "after training", shared.weight_of(table)),
        ):
            wants = tables.mean_losses(student, now, [validation])
            lowest = min(entry[2] for entry in log)
            if row is log[-1] and any(w is not None and abs(w - lowest) <= 1e-3 * lowest for w in wants):
                continue  # the last row has the lowest loss, or the best weights were put back into the model
            tables.either(row[2], wants, what=f"the validation loss {moment}", hint=hint, rtol=1e-3)


@check(item="s000-5.1.9c-training", points=2)
def updates_use_windows_of_the_training_text(student: Student, draw: Draw) -> None:
    """There are `steps` updates on `batch` windows of `length` + 1 words, cut from train_ids and nowhere else, and
    each column of the log belongs to its own text."""
    shared.begun(student, "train", steps=1, batch=1, length=1, rate=1.0, every=1)
    order = draw.permutation(150)
    cycles = [order[:130], order[130:]]  # the words of training and of validation: each always followed by the same one
    follow = torch.zeros(150, dtype=torch.int64)
    weight = torch.zeros(150, 150, dtype=torch.float64)
    for cycle, height in zip(cycles, (1.0, 3.0), strict=True):
        follow[cycle] = cycle.roll(-1)
        weight[cycle, follow[cycle]] = height
    text, other = cycles[0], cycles[1].repeat(3)  # a word of training tells where in the text it stands
    validation = torch.stack([other[start : start + 8] for start in (0, 7, 14, 21, 28, 35)])
    steps, batch, length = draw.integer(10, 14), draw.integer(6, 9), draw.integer(4, 5)
    table = tables.diary(student, weight)
    settings = {"steps": steps, "batch": batch, "length": length, "rate": 0.01, "every": 4, "seed": 2}
    log = shared.rows(shared.pair(student.train(table, text, validation, **settings), "train")[0], "the log")
    hint = "(step, training loss, validation loss): the second on windows of train_ids, the third on `validation`"
    texts = (("training", text[:128].reshape(16, 8)), ("validation", validation))
    for column, (name, windows) in enumerate(texts, 1):
        wants = tables.mean_losses(student, weight, [windows])
        tables.either(log[0][column], wants, what=f"the {name} loss of the first row", hint=hint, rtol=1e-3)
    _updates(tables.pages(student, table), cycles[0], follow, steps=steps, batch=batch, length=length)


def _updates(calls: list[Any], words: Any, follow: Any, *, steps: int, batch: int, length: int) -> None:
    """The diary holds the updates that were asked for, on running text of these words."""
    read = [ids for ids, training, gradients in calls if gradients and training] or [c[0] for c in calls if c[2]]
    read = [ids for k, ids in enumerate(read) if k == 0 or not torch.equal(ids, read[k - 1])]  # read twice: one update
    count = sum(len(ids) for ids in read)  # a batch may be read in parts
    expect.true(
        count == steps * batch,
        "The number of windows that training reads is not steps * batch.",
        "`steps` updates, no more and no less, on `batch` windows each",
        f"{count} windows in {len(read)} calls for {steps} steps, batch {batch}",
    )
    lengths = {ids.shape[1] for ids in read}
    expect.true(
        lengths in ({length}, {length + 1}),  # the model reads all but the last word; else lm_forward is charged
        "Training windows do not have length + 1 words.",
        "corpus.random_windows(train_ids, length, ...)",
        f"read {lengths} for length {length}",
    )
    rows = torch.cat(read)
    inside = bool(torch.isin(rows, words).all())
    expect.true(inside, "Updates read words of the validation windows.", "those are only for looking")
    running = bool((follow[rows[:, :-1]] == rows[:, 1:]).all())
    expect.true(running, "Updates read something else than running text of train_ids.", "windows, not single words")
    starts = [words.tolist().index(word) for word in rows[:, 0].tolist()]
    expect.true(
        len(set(starts)) > 2 * batch, "Updates read the same windows again and again.", "new windows for each update"
    )
    early = sum(start < len(words) // 2 for start in starts) / len(starts)
    expect.true(0.1 < early < 0.9, "Updates read only a part of train_ids.", "windows begin anywhere in train_ids")


@check(item="s000-5.1.9c-training", points=2)
def best_is_the_minimum_of_validation(student: Student, draw: Draw) -> None:
    """The best weights reproduce the lowest validation loss of the log, wherever in the log that is."""
    law, contrary = _laws(draw)
    text = _text(draw, law, 400)
    against, along = (torch.stack([_text(draw, rule, 9) for _ in range(6)]) for rule in (contrary, law))
    zero = torch.zeros(tables.VOCAB, tables.VOCAB, dtype=torch.float64)
    for start, validation in ((contrary.log(), against), (zero, along), (0.5 * contrary.log(), against)):
        log, best, _ = _train(student, start, text, validation)
        lowest = min(row[2] for row in log)
        wants = tables.mean_losses(student, _weight(best), [validation])
        expect.true(
            any(w is not None and abs(w - lowest) <= 1e-3 * lowest for w in wants),
            "The best weights do not have the lowest validation loss of the log.",
            "keep a *copy* of the weights whenever the validation loss is lower than ever before",
            f"best {wants}, log {log}",
        )


@check(item="s000-5.1.9c-training")
def training_learns_from_the_training_text(student: Student, draw: Draw) -> None:
    """The weights end close to the law of the training text, and the training loss of the log falls."""
    law, _ = _laws(draw)
    text = _text(draw, law, 3000)
    along = torch.stack([_text(draw, law, 9) for _ in range(40)])
    zero = torch.zeros(tables.VOCAB, tables.VOCAB, dtype=torch.float64)
    log, _, table = _train(student, zero, text, along, steps=200, every=100, rate=0.1, batch=16)
    windows = torch.stack([text[start : start + 9] for start in range(0, 2900, 8)])
    reached, best = _validation_loss(shared.weight_of(table), windows), _validation_loss(_fit(text), windows)
    expect.true(
        reached < best + 0.06 or _own_differs(student, windows),
        "Training does not reach what the text allows.",
        "are gradients cleared before each update, and windows drawn anew from train_ids?",
        f"{reached} against {best}",
    )
    expect.true(log[-1][1] < log[0][1], "The training loss of the log does not fall.", "measure it on training windows")


def _fit(text: Any) -> Any:
    """The best bigram table for a text."""
    counts = torch.full((tables.VOCAB, tables.VOCAB), 1e-3, dtype=torch.float64)
    counts.index_put_((text[:-1], text[1:]), torch.tensor(1.0, dtype=torch.float64), accumulate=True)
    return (counts / counts.sum(-1, keepdim=True)).log()


def _own_differs(student: Student, windows: Any) -> bool:
    """Whether lm_forward computes something else than the next-token loss, which is charged elsewhere."""
    weight = torch.eye(tables.VOCAB, dtype=torch.float64)
    own = tables.own_loss(student, shared.table(student, weight), weight, windows[:4])
    return own is not None and abs(own - ref.next_token_loss(weight[windows[:4, :-1]], windows[:4])) > 1e-6


@check(item="s000-5.1.9c-training")
def the_seed_decides_the_batches(student: Student, draw: Draw) -> None:
    """The same seed gives the same log, whatever the global generator does; another seed gives another. Text and
    validation windows stay as they were, so that a next run meets the same."""
    law, _ = _laws(draw)
    text, weight = _text(draw, law, 300), draw.tensor(tables.VOCAB, tables.VOCAB)
    validation = torch.stack([_text(draw, law, 7) for _ in range(3)])
    one, again, other = (_train(student, weight, text, validation, seed=seed)[0] for seed in (5, 5, 6))
    hint = "draw windows with a torch.Generator of your own, seeded with `seed`"
    expect.same(np.array(one)[:, 2], np.array(again)[:, 2], what="the log of two runs with one seed", hint=hint)
    expect.true(bool((np.array(one)[-1, 2] != np.array(other)[-1, 2]).any()), "Every seed gives the same run.", hint)
    _, after = student.with_inputs("train", shared.table(student, weight), text, validation, **_SETTINGS)
    expect.unharmed(text, after[1], what="the training text")
    expect.unharmed(validation, after[2], what="the validation windows")


@check(item="s000-5.1.9c-training")
def training_trains_in_training_mode(student: Student, draw: Draw) -> None:
    """Dropout is on during updates, whatever the mode before, and also after the first look at the losses."""
    shared.begun(student, "train", steps=1, batch=1, length=1, rate=1.0, every=1)
    law, _ = _laws(draw)
    text, validation = _text(draw, law, 300), torch.stack([_text(draw, law, 7) for _ in range(3)])
    zero = torch.zeros(tables.VOCAB, tables.VOCAB, dtype=torch.float64)
    settings = {"steps": 40, "batch": 8, "length": 6, "rate": 0.05, "every": 10, "seed": 1}
    model = shared.table(student, zero, dropout=0.5).turned("eval")
    shared.pair(student.train(model, text, validation, **settings), "train")
    (with_dropout,) = model.parameters().values()
    plain = shared.table(student, zero)
    shared.pair(student.train(plain, text, validation, **settings), "train")
    difference = float((with_dropout - shared.weight_of(plain)).abs().max())
    expect.true(
        difference > 1e-6,
        "Updates happen with dropout switched off.",
        "call model.train() before training; evaluate restores the mode",
        f"difference {difference}",
    )


@check(item="s000-5.1.9c-training")
def one_optimizer_makes_all_updates(student: Student, draw: Draw) -> None:
    """The optimizer of the first update makes the last one too, with all it remembers, and it trains every part."""
    shared.begun(student, "train", steps=1, batch=1, length=1, rate=1.0, every=1)
    law, _ = _laws(draw)
    text, validation = _text(draw, law, 300), torch.stack([_text(draw, law, 7) for _ in range(3)])
    nn = shared.torch_part(student, "nn")
    student.seed(4)
    model = nn.made("Sequential", nn.made("Embedding", tables.VOCAB, 4), nn.made("Linear", 4, tables.VOCAB))
    start = model.parameters()
    settings = {"steps": 24, "batch": 4, "length": 6, "rate": 0.05, "every": 12, "seed": 1}
    with watching.updates(student) as seen:
        shared.pair(student.train(model, text, validation, **settings), "train")
        expect.true(
            not watching.forgets(student, seen),
            "Each update begins with an optimizer that remembers nothing.",
            "Adam keeps averages of past gradients: build it once, before the loop",
        )
    end = model.parameters()
    still = [name for name in start if torch.equal(start[name], end[name])]
    expect.true(
        not still or len(still) == len(start),  # who trains nothing at all is told elsewhere
        "Training leaves some parameters of the model as they were.",
        "the optimizer gets model.parameters(), all of them",
    )
