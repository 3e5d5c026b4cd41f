"""Hidden checks: the pieces of a fine-tuning loop (s001-3.Q2)."""

from __future__ import annotations

import copy
from typing import Any

import torch

from autograder.judge import Draw, Feedback, Handle, Student, check, expect

from . import reference as ref

# --- s001-3.Q2 -----------------------------------------------------------------


def collated(student: Student, pairs: Any, pad_id: int) -> dict[Any, Any]:
    got = student.collate(pairs, pad_id)
    if not isinstance(got, dict):
        raise Feedback("collate does not return a dict.")
    wanted = {"input_ids", "attention_mask", "labels"}
    expect.true(set(got) == wanted, "collate returns other entries than the three that are asked for.")
    return got


@check(item="s001-3.Q2")
def batches_are_padded_to_their_own_longest_row(student: Student, draw: Draw) -> None:
    """input_ids holds every row, padded on the right with the given id up to the longest row of the batch."""
    for count, pad_id in ((6, 1), (1, 4), (3, 0)):
        pairs = ref.pairs(draw, count)
        _, after = student.with_inputs("collate", pairs, pad_id)
        expect.unharmed([pairs, pad_id], after, what="a list that collate got")
        got = collated(student, pairs, pad_id)["input_ids"]
        expect.close(
            got,
            ref.batch(pairs, pad_id)["input_ids"].double(),
            what="input_ids",
            hint=(
                "the longest row of this batch sets the width; the padding id is an argument and differs between models"
            ),
        )


@check(item="s001-3.Q2")
def masks_and_labels_say_what_is_real(student: Student, draw: Draw) -> None:
    """attention_mask is 1 on the ids of a sentence and 0 on padding; labels follow the rows; all int64."""
    for count, pad_id in ((5, 1), (2, 4)):
        pairs = ref.pairs(draw, count)
        got, want = collated(student, pairs, pad_id), ref.batch(pairs, pad_id)
        for key in ("attention_mask", "labels"):
            expect.close(got[key], want[key].double(), what=key, hint="1 for each id of the sentence, 0 for padding")
        for key in want:
            expect.true(
                isinstance(got[key], torch.Tensor) and got[key].dtype == torch.int64, f"{key} is no int64 tensor."
            )


def lively(student: Student, draw: Draw, classes: int, pairs: Any, pad_id: int, **sizes: Any) -> tuple[Handle, Any]:
    """A model and its twin that answer differently from sentence to sentence: large weights, centred logits."""
    model, twin = ref.library(student, classes, draw.integer(0, 999), dtype="float64", **sizes)
    with torch.no_grad():
        for parameter in twin.parameters():
            parameter *= 3
        twin.classifier.bias -= ref.scores(twin, pairs, pad_id).mean(dim=0)
    model.load({name: value.detach() for name, value in twin.named_parameters()})
    return model, twin


@check(item="s001-3.Q2")
def predictions_are_the_best_class_in_order(student: Student, draw: Draw) -> None:
    """predict gives the class with the largest logit for each sentence, in order, for BERT's and RoBERTa's kind, and
    for a single sentence; the sentences stay as they were."""
    for kind, pad_id, classes in (("bert", 0, 5), ("roberta", 1, 3)):
        pairs = ref.pairs(draw, 23)
        model, twin = lively(student, draw, classes, pairs, pad_id, kind=kind)
        want = ref.scores(twin, pairs, pad_id).argmax(-1)
        got = student.predict(model, [ids for ids, _ in pairs], pad_id, batch=5)
        hint = (
            "argmax over classes of each row, in the order given; the last, smaller batch counts too; padding is "
            "masked, with the padding id that is given"
        )
        expect.close(got, want.double(), what="the predicted classes", hint=hint)
    sentences = [ids for ids, _ in pairs]
    alone, after = student.with_inputs("predict", model, sentences[:1], pad_id)
    expect.unharmed(sentences[:1], after[1], what="the list of sentences that predict got")
    expect.close(alone, want[:1].double(), what="the predicted class of a single sentence", hint="one answer: (1,)")


@check(item="s001-3.Q2")
def predictions_do_not_depend_on_dropout_or_batching(student: Student, draw: Draw) -> None:
    """A model in train mode predicts as in eval mode; no call exceeds the batch, keeps gradients, or adds noise."""
    pairs = ref.pairs(draw, 30)
    model, twin = lively(student, draw, 5, pairs, 0, dropout=0.5)
    want = ref.scores(twin, pairs, 0).argmax(-1)
    sentences = [ids for ids, _ in pairs]
    hint = "switch dropout off with eval(), and mask the padding: its length depends on the batch"
    for batch in (30, 7, 1):
        student.seed(draw.integer(0, 999))
        got = student.predict(model.turned("train"), sentences, 0, batch=batch)
        expect.close(got, want.double(), what="the predictions of a model that came in train mode", hint=hint)
    log = watched_log(student, model, lambda seen: student.predict(seen, sentences, 0, batch=7))
    expect.true(all(len(call["ids"]) <= 7 for call in log), "More sentences at a time than `batch` allows.")
    expect.true(
        not any(call["gradients"] for call in log),
        "Gradients are recorded while you predict.",
        "torch.no_grad() saves the memory of a whole backward pass",
    )


def watched_log(student: Student, model: Handle, use: Any) -> list[dict[str, Any]]:
    """What a model was asked while `use(watched model)` ran."""
    watched = student.tool("bert_models").made("Watched", model)
    use(watched)
    return log_of(watched)


def log_of(watched: Handle) -> list[dict[str, Any]]:
    """What such a model wrote down. Raises Feedback where that is not what the kit writes."""
    log = watched.log
    calls = log if isinstance(log, (list, tuple)) and all(isinstance(call, dict) for call in log) else [{}]
    read = all(isinstance(call.get(switch), bool) for call in calls for switch in ("gradients", "training"))
    read = read and all(isinstance(call.get("ids"), (list, tuple)) for call in calls)
    rows = [row for call in calls for row in call["ids"]] if read else []
    read = read and all(isinstance(row, (list, tuple)) and all(type(word) is int for word in row) for row in rows)
    expect.true(read, "What the model was asked cannot be read.")
    return list(calls)


@check(item="s001-3.Q2", points=2)
def training_equals_plain_adamw(student: Student, draw: Draw) -> None:
    """In float64 and without dropout the trained model equals AdamW's with one update per batch, for one batch per
    epoch and for several; a backbone that requires no gradients stays as it is, bit for bit."""
    for kind, pad_id, classes, still in (("bert", 0, 3, False), ("roberta", 1, 4, False), ("bert", 0, 2, True)):
        train, probe = ref.pairs(draw, 9, classes), ref.pairs(draw, 6, classes)
        model, twin = ref.library(student, classes, draw.integer(0, 999), kind=kind, dtype="float64")
        if still:
            model.part("bert").turned("requires_grad_", False)
            twin.bert.requires_grad_(False)
        before = model.parameters()
        ref.descend(twin, train, probe, pad_id, 4, 0.01)
        student.fine_tune(model, train, probe, pad_id, epochs=4, batch=16, rate=0.01, seed=draw.integer(0, 99))
        after = model.parameters()
        moved = [name for name in before if not torch.equal(before[name].detach(), after[name].detach())]
        expect.true(
            not still or all(name.startswith("classifier.") for name in moved),
            "Training moves parameters that do not require gradients.",
            "a model may come frozen: leave requires_grad as it is",
        )
        got = model.turned("eval")(**{k: v for k, v in ref.batch(probe, pad_id).items() if k != "labels"})
        expect.close(
            got[0],
            ref.scores(twin, probe, pad_id),
            what="the logits after four full-batch epochs",
            rtol=1e-5,
            hint="one update per batch: zero_grad, backward, step, in this order; AdamW, rate as given, mean loss",
        )
    train, probe = ref.pairs(draw, 8, vocabulary=18), ref.pairs(draw, 5, lowest=18)
    model, twin = lively(student, draw, 3, train, 0)  # steep enough for clipping to show
    recipe = {"epochs": 3, "batch": 3, "rate": 0.02, "seed": draw.integer(0, 99)}
    log = watched_log(student, model, lambda seen: student.fine_tune(seen, train, probe, 0, **recipe))
    right = {tuple(ids): label for ids, label in train}
    ref.follow(twin, [[(list(ids), right[ids]) for ids in call] for call in trained_on(log, set(right))], 0, 0.02)
    got = model.turned("eval")(**{k: v for k, v in ref.batch(probe, 0).items() if k != "labels"})
    expect.close(
        got[0],
        ref.scores(twin, probe, 0),
        what="the logits after three epochs of three batches",
        rtol=1e-5,
        hint="each batch has its own update and starts from empty gradients; no schedule, no clipping",
    )


def trained_on(log: list[dict[str, Any]], own: set[tuple[int, ...]]) -> list[list[tuple[int, ...]]]:
    """The training sentences of each call that recorded gradients."""
    calls = [[tuple(ids) for ids in call["ids"] if tuple(ids) in own] for call in log if call["gradients"]]
    return [call for call in calls if call]


@check(item="s001-3.Q2")
def each_epoch_sees_each_pair_once_in_a_new_order(student: Student, draw: Draw) -> None:
    """Every epoch trains on each pair once, at most `batch` at a time, in a new order that the seed decides; the lists
    stay as they are."""
    train, validation = ref.pairs(draw, 13, vocabulary=18), ref.pairs(draw, 4, lowest=18)
    own = {tuple(ids) for ids, _ in train}
    orders = []
    for seed, around in ((3, 1), (4, 1), (3, 2)):
        model, _ = ref.library(student, 3, 5, dtype="float64")
        watched = student.tool("bert_models").made("Watched", model)
        student.seed(around)
        _, after = student.with_inputs(
            "fine_tune", watched, train, validation, 0, epochs=3, batch=5, rate=1e-3, seed=seed
        )
        expect.unharmed([train, validation], after[1:3], what="a list that fine_tune got")
        calls = trained_on(log_of(watched), own)
        expect.true(
            len(calls) == 9,
            "13 pairs in batches of 5 make 3 updates per epoch, also for the last, smaller one.",
            "every pair once per epoch, none dropped",
        )
        expect.true(all(len(call) <= 5 for call in calls), "A training batch is larger than `batch`.")
        order = [ids for call in calls for ids in call]
        orders.append(order)
        for epoch in range(3):
            expect.true(
                set(order[13 * epoch : 13 * epoch + 13]) == own, "An epoch repeats pairs and leaves others out."
            )
        expect.true(
            order[:13] != order[13:26], "The second epoch comes in the order of the first.", "shuffle in every epoch"
        )
        expect.true(
            {frozenset(call) for call in calls[:3]} != {frozenset(call) for call in calls[3:6]},
            "The second epoch has the very batches of the first, in another order.",
            "shuffle the pairs in every epoch, not batches that were made once",
        )
    hint = "`seed` decides it, whatever was drawn elsewhere: seed a generator with it once, before the first epoch"
    expect.true(orders[0] != orders[1], "Another seed gives the same order.", hint)
    expect.true(orders[0] == orders[2], "The same seed gives another order when run again.", hint)


@check(item="s001-3.Q2")
def training_and_watching_use_their_own_modes(student: Student, draw: Draw) -> None:
    """Training batches meet the model in train mode in every epoch, validation items in eval mode, no gradients."""
    train, validation = ref.pairs(draw, 8, vocabulary=18), ref.pairs(draw, 3, lowest=18)  # no sentence in both
    model, _ = ref.library(student, 3, draw.integer(0, 999), dropout=0.3)
    recipe = {"epochs": 3, "batch": 4, "rate": 1e-3, "seed": 1}
    log = watched_log(student, model, lambda seen: student.fine_tune(seen, train, validation, 0, **recipe))
    own, kept_back = ({tuple(ids) for ids, _ in pairs} for pairs in (train, validation))
    epochs = 0
    for call in log:
        ids = {tuple(row) for row in call["ids"]}
        if ids <= own and call["gradients"]:
            expect.true(
                call["training"],
                "A training batch met the model in eval mode: dropout was off.",
                "evaluation after an epoch leaves the model in eval mode; call train() in every epoch",
            )
        if ids & kept_back:
            expect.true(
                not call["training"],
                "Validation items met the model in train mode: their answers are noisy.",
                "predict switches to eval mode",
            )
            expect.true(not call["gradients"], "Gradients are recorded on validation items.", "are they trained on?")
            epochs += 1
    expect.true(epochs >= 3, "The validation items are not looked at after each epoch.")


@check(item="s001-3.Q2", points=2)
def validation_items_leave_no_trace_in_the_weights(student: Student, draw: Draw) -> None:
    """The trained weights are the same whatever the validation items and their labels are, and no epoch is left out."""
    train = ref.pairs(draw, 10)
    probe = {k: v for k, v in ref.batch(ref.pairs(draw, 5), 0).items() if k != "labels"}
    results = []
    contrary = [(ids, (label + 1) % 3) for ids, label in train]
    for validation in (train, contrary, ref.pairs(draw, 7)):
        model, _ = ref.library(student, 3, 8, dtype="float64")
        student.seed(0)
        told = student.fine_tune(model, train, validation, 0, epochs=12, batch=5, rate=0.02, seed=2)
        expect.true(
            not isinstance(told, (list, tuple)) or len(told) == 12,
            "With validation items that get worse, training does not run for as many epochs as it is asked for.",
            "no early stopping: watching the validation items is all that they are for",
        )
        results.append(model.turned("eval")(**probe)[0])
    expect.true(float(abs(expect.array(results[0], what="the logits")).max()) > 0, "The trained model answers nothing.")
    for other in results[1:]:
        expect.same(
            results[0],
            other,
            what="the trained model, when only validation items change",
            rtol=1e-7,
            hint=("the validation set leaks into training: it is trained on, or it chooses the epoch that is kept"),
        )


@check(item="s001-3.Q2", points=2)
def history_holds_loss_per_item_and_validation_accuracy(student: Student, draw: Draw) -> None:
    """Per epoch: the mean training loss over items (not over batches), and the validation accuracy after the epoch."""
    train, validation, many = ref.pairs(draw, 7), ref.pairs(draw, 11), ref.pairs(draw, 70)
    model, twin = ref.library(student, 3, draw.integer(0, 999), dtype="float64", hidden=16)
    with torch.no_grad():
        still = float(twin(**ref.batch(train, 0))[1])
    best = ref.scores(twin, many, 0).argmax(-1).tolist()  # right for the first 64, wrong for the others
    marked = [label if k < 64 else (label + 1) % 3 for k, label in enumerate(best)]
    many = [(ids, label) for (ids, _), label in zip(many, marked, strict=True)]
    got = history(student.fine_tune(model, train, many, 0, epochs=2, batch=3, rate=0.0, seed=1), 2)
    hint = "the last batch is smaller: weigh each batch's mean by its size, and divide by the number of items"
    losses, what = [loss for loss, _ in got], "the loss of an epoch in batches of 3, 3 and 1"
    expect.close(losses, [still, still], what=what, rtol=1e-5, hint=hint)
    with torch.no_grad():
        sure = copy.deepcopy(twin)
        sure.classifier.weight *= 1000
        said = ref.scores(sure, train, 0).argmax(-1).tolist()
        told = [[(ids, (label + k) % 3) for (ids, _), label in zip(train, said, strict=True)] for k in (1, 2)]
        far = [float(sure(**ref.batch(pairs, 0))[1]) for pairs in told]
    model.load({name: value.detach() for name, value in sure.named_parameters()})
    for pairs, loss in zip(told, far, strict=True):
        alone = history(student.fine_tune(model, pairs, many[:3], 0, epochs=1, batch=3, rate=0.0, seed=1), 1)
        what, hint = "the loss of a model that is sure, and wrong", "nothing is cut, or kept from another call"
        expect.close(alone[0][0], loss, what=what, rtol=1e-5, hint=hint)
    model.load({name: value.detach() for name, value in twin.named_parameters()})
    expect.close(
        [hit for _, hit in got],
        [64 / 70] * 2,
        what="the accuracy on 70 validation items",
        rtol=1e-5,
        hint="right answers over *all* validation items; a mean over batches counts a short one for too much",
    )
    first = ref.scores(twin, validation, 0).argmax(-1).tolist()  # all right before the first update, and then not
    validation = [(ids, label) for (ids, _), label in zip(validation, first, strict=True)]
    for rate in (0.02, 0.1, 0.5):
        want = ref.descend(copy.deepcopy(twin), train, validation, 0, 4, rate)
        if want[0][1] < 1:
            break
    got = history(student.fine_tune(model, train, validation, 0, epochs=4, batch=9, rate=rate, seed=1), 4)
    expect.close([loss for loss, _ in got], [loss for loss, _ in want], what="the losses of four epochs", rtol=1e-4)
    expect.close(
        [hit for _, hit in got],
        [hit for _, hit in want],
        what="the validation accuracies",
        rtol=1e-5,
        hint=("share of right answers among the *validation* items, after the epoch's updates"),
    )


def history(value: Any, epochs: int) -> list[tuple[float, float]]:
    """(loss, accuracy) per epoch. Raises Feedback for another form."""
    rows = expect.array(value, what="the history")
    expect.shape(rows, (epochs, 2), what="the history", hint="one pair (loss, accuracy) per epoch")
    return [(float(loss), float(hit)) for loss, hit in rows]
