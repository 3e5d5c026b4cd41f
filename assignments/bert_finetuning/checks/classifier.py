"""Hidden checks: the head (s001-3.1) and the position it reads (s004-1.08)."""

from __future__ import annotations

from typing import Any

import torch
from seq2kit.bert import models as bert_models

from autograder.judge import Draw, Feedback, Handle, Student, check, expect

from . import reference as ref

# --- s001-3.1 --------------------------------------------------------------------

_SIZES: tuple[tuple[int, dict[str, Any]], ...] = (
    (3, {"hidden": 12}), (2, {"hidden": 8, "layers": 2}), (5, {"hidden": 16, "vocabulary": 40}),
)  # fmt: skip


def inputs_for(draw: Draw, rows: int = 4, columns: int = 7) -> dict[str, torch.Tensor]:
    """Drawn ids, of which the second row ends in two and the third in four masked places."""
    ids = torch.tensor([[draw.integer(5, 29) for _ in range(columns)] for _ in range(rows)])
    mask = torch.ones_like(ids)
    if rows > 2:
        mask[1, -2:], mask[2, -4:] = 0, 0
    return {"input_ids": ids, "attention_mask": mask}


def another(ids: torch.Tensor) -> torch.Tensor:
    """A different word for each id."""
    return 5 + (ids - 5 + 7) % 25


def parts(got: Any, count: int, when: str) -> list[Any]:
    """The entries of a returned tuple. Raises Feedback for another type or number."""
    if not isinstance(got, (tuple, list)):
        raise Feedback(f"{when} forward does not return a tuple.", "(logits,) or (logits, loss), also with one entry")
    expect.true(
        len(got) == count,
        f"{when} forward returns another number of things than {count}.",
        "(logits,) without labels, (logits, loss) with labels",
    )
    return list(got)


def logits_of(student: Student, model: Handle, inputs: dict[str, Any]) -> Any:
    got = model(**inputs)
    if not isinstance(got, (tuple, list)) or not got:
        raise Feedback("Without labels forward does not return a tuple that begins with the logits.")
    return expect.numbers(got[0], what="the logits")


@check(item="s001-3.1")
def one_linear_layer_beside_the_backbone(student: Student, draw: Draw) -> None:
    """Beside BERT's own parameters there are the weight and bias of one linear layer, for 2, 3 and 5 labels."""
    for labels, sizes in _SIZES:
        found = ref.made(student, "tiny_model", labels, draw.integer(0, 999), **sizes).parameters()
        wanted = dict(ref.Twin(bert_models.tiny_config(labels, **sizes)).named_parameters())
        extra, missing = sorted(found.keys() - wanted.keys()), sorted(wanted.keys() - found.keys())
        expect.true(
            not missing, f"The model lacks parameters, for example {missing[:1]}.", "self.bert, self.classifier"
        )
        expect.true(not extra, "The model has parameters beside BERT's and the head's.", "one nn.Linear is the head")
        for name in ("classifier.weight", "classifier.bias"):
            expect.shape(
                found[name],
                tuple(wanted[name].shape),
                what=f"{name} with {labels} labels",
                hint=("the number of classes is config.num_labels"),
            )


@check(item="s001-3.1", points=2)
def logits_come_from_the_pooled_output(student: Student, draw: Draw) -> None:
    """Logits are the head applied to the pooler's output, for 2, 3 and 5 labels, with all of BERT's inputs."""
    for labels, sizes in _SIZES:
        model = ref.made(student, "tiny_model", labels, draw.integer(0, 999), dtype="float64", **sizes)
        inputs = inputs_for(draw)
        types = {"token_type_ids": (torch.arange(7) > 3).long().repeat(4, 1)}
        places = {"position_ids": torch.arange(8, 1, -1).repeat(4, 1)}
        for more in ({}, types, places):
            got = logits_of(student, model, {**inputs, **more})
            with torch.no_grad():
                want = ref.twin_of(model, labels, **sizes)(**inputs, **more)[0]
            expect.close(
                got,
                want,
                what=f"the logits with {labels} labels",
                rtol=1e-6,
                hint=(
                    "pooler_output is tanh of one more layer on the first token's vector: not that vector, no mean, "
                    "not another token; and all keyword inputs go on to BERT"
                ),
            )


@check(item="s001-3.1")
def logits_are_raw_and_linear_in_the_head(student: Student, draw: Draw) -> None:
    """Making the head's weights 200 times as large makes the logits (less the bias) 200 times as large."""
    model = ref.made(student, "tiny_model", 4, draw.integer(0, 999), dtype="float64")
    inputs = inputs_for(draw)
    numbers = model.parameters()
    expect.true("classifier.bias" in numbers, "The model has no parameter classifier.bias.")
    bias = expect.tensor(numbers["classifier.bias"], (4,), what="classifier.bias", most=1e6)
    small = expect.numbers(logits_of(student, model, inputs), (4, 4), what="the logits of 4 sentences and 4 labels")
    expect.true("classifier.weight" in numbers, "The model has no parameter classifier.weight.")
    model.load({**numbers, "classifier.weight": 200 * numbers["classifier.weight"].detach()})
    large = expect.numbers(logits_of(student, model, inputs), (4, 4), what="the logits of 4 sentences and 4 labels")
    expect.close(
        large - bias.numpy(),
        200 * (small - bias.numpy()),
        what="the logits under a larger head",
        rtol=1e-6,
        hint="return the linear layer's output as it is: no softmax, no log, no tanh",
    )
    expect.true(float(abs(large - bias.numpy()).max()) > 1e-3, "The logits are constant.")


@check(item="s001-3.1", points=2)
def the_loss_is_the_mean_cross_entropy(student: Student, draw: Draw) -> None:
    """With labels the second entry is the mean cross-entropy of the logits, for several batch sizes and classes, for
    each batch anew, and however sure the model is."""
    for classes, rows, sure in ((3, 4, 1), (2, 1, 1), (5, 6, 1), (4, 3, 1e5)):
        model = ref.made(student, "tiny_model", classes, draw.integer(0, 999), dtype="float64")
        numbers = model.parameters()
        expect.true("classifier.weight" in numbers, "The model has no parameter classifier.weight.")
        model.load({**numbers, "classifier.weight": sure * numbers["classifier.weight"].detach()})
        for _ in range(2):  # of one size, one after the other
            inputs = inputs_for(draw, rows)
            labels = torch.tensor([draw.integer(0, classes - 1) for _ in range(rows)])
            got = parts(model(labels=labels, **inputs), 2, "With labels")
            expect.shape(got[0], (rows, classes), what="the first entry, the logits,", hint="first logits, then loss")
            with torch.no_grad():
                want = ref.twin_of(model, classes)(labels=labels, **inputs)[1]
            expect.shape(got[1], (), what="the second entry, the loss,", hint="one number: the mean over the batch")
            hint = "the mean, not the sum, over the batch, computed from raw logits; softmax is in it already"
            expect.close(got[1], want, what=f"the loss of {rows} sentences", rtol=1e-6, hint=hint)


@check(item="s001-3.1")
def without_labels_there_are_only_logits(student: Student, draw: Draw) -> None:
    """Without labels, or with labels=None, forward returns a tuple that holds the logits and nothing else."""
    model = ref.made(student, "tiny_model", 3, draw.integer(0, 999))
    for more in ({}, {"labels": None}):
        got = parts(model(**inputs_for(draw), **more), 1, "Without labels")
        expect.shape(got[0], (4, 3), what="the logits")


@check(item="s001-3.1")
def hidden_padding_is_ignored_and_words_are_not(student: Student, draw: Draw) -> None:
    """A token under mask 0 changes nothing, another word does, and a sentence answers alike alone or in a batch;
    dropout is at work in training mode, and only there."""
    model = ref.made(student, "tiny_model", 3, draw.integer(0, 999), dtype="float64", dropout=0.4)
    inputs = inputs_for(draw)
    before = logits_of(student, model, inputs)
    garbage, word = inputs["input_ids"].clone(), inputs["input_ids"].clone()
    garbage[1, -1], garbage[2, -3] = another(garbage[1, -1]), another(garbage[2, -3])
    word[:, 1] = another(word[:, 1])
    hint = "pass attention_mask on to BERT; and in eval mode nothing is random"
    expect.same(
        before,
        logits_of(student, model, {**inputs, "input_ids": garbage}),
        what="the logits, when padding changes",
        hint=hint,
        rtol=1e-9,
    )
    one = expect.numbers(before, (4, 3), what="the logits")
    other = expect.numbers(logits_of(student, model, {**inputs, "input_ids": word}), (4, 3), what="the logits")
    expect.true(
        bool((abs(one - other).max(axis=-1) > 1e-6).all()),
        "Another word in the sentence changes nothing.",
        "the vector under your head must have seen the whole sentence",
    )
    alone = {name: value[1:2, :5] for name, value in inputs.items()}
    expect.same(
        one[1:2],
        logits_of(student, model, alone),
        what="the logits of a sentence, alone or padded",
        hint=hint,
        rtol=1e-9,
    )
    learning = ref.made(student, "tiny_model", 3, draw.integer(0, 999), dropout=0.4).turned("train")
    twice = [expect.numbers(logits_of(student, learning, inputs), (4, 3), what="the logits") for _ in range(2)]
    told = "In training mode two calls give the very same logits, although BERT has dropout."
    expect.true(bool((abs(twice[0] - twice[1]) > 1e-6).any()), told, "who calls the model says which mode it is in")


@check(item="s001-3.1")
def the_loss_reaches_every_embedding_in_use(student: Student, draw: Draw) -> None:
    """The gradient of the loss equals autograd's through head, pooler and encoder, down to the embeddings."""
    model = ref.made(student, "tiny_model", 3, draw.integer(0, 999), dtype="float64", layers=2)
    inputs = inputs_for(draw)
    labels = torch.tensor([0, 2, 1, 2])
    twin = ref.twin_of(model, 3, layers=2)
    twin(labels=labels, **inputs)[1].backward()
    got = student.gradients(model, labels=labels, **inputs)
    for name in ("classifier.weight", "bert.pooler.dense.weight", "bert.embeddings.word_embeddings.weight"):
        found = got.get(name) if isinstance(got, dict) else None
        expect.true(found is not None, f"No gradient arrives at {name}.", "no detach, no no_grad on the way")
        expect.close(found, dict(twin.named_parameters())[name].grad, what=f"the gradient at {name}", rtol=1e-5)


@check(item="s001-3.1")
def the_stored_backbone_is_found_by_name(student: Student, draw: Draw) -> None:
    """from_pretrained puts the numbers of a stored BERT into the class, whatever number of labels is asked for."""
    name = f"random-bert-{2 * draw.integer(10, 9999)}"
    found = ref.made(student, "pre_trained", name, 5).parameters()
    stored = {key: value for key, value in bert_models.weights(name).items() if key.startswith("bert.")}
    for key, value in stored.items():
        expect.true(key in found, "A stored tensor has no place in your class.", "the backbone is called self.bert")
        expect.close(
            found[key],
            value,
            what="a loaded tensor",
            rtol=1e-6,
            hint=("from_pretrained fills self.bert by name; nothing may overwrite it afterwards"),
        )
    head = found.get("classifier.weight")
    expect.true(head is not None and head.shape[0] == 5, "The head does not have one row per label.")


# --- s004-1.08 -----------------------------------------------------------------


def padded(draw: Draw, rows: int = 5, columns: int = 6, width: int = 3) -> tuple[Any, Any, list[tuple[int, int]]]:
    """H, mask, and (first, last) real place per row: padding right, left, none, both, and one single token."""
    ends = [(0, draw.integer(1, 3)), (draw.integer(1, 3), 5), (0, 5), (1, 4), (2, 2)][:rows]
    mask = torch.zeros(len(ends), columns, dtype=torch.int64)
    for row, (first, last) in enumerate(ends):
        mask[row, first : last + 1] = 1
    return draw.tensor(len(ends), columns, width), mask, ends


def pooled_rightly(student: Student, draw: Draw, kind: str) -> None:
    H, mask, ends = padded(draw)
    want = torch.stack([H[row, end[kind == "last"]] for row, end in enumerate(ends)])
    for dtype in (torch.float64, torch.float32):
        got = student.pool(H.to(dtype), mask, kind)
        expect.dtype(got, H.to(dtype), what="pool(...)")
        expect.close(
            got,
            want.to(dtype),
            what=f"the vectors of kind {kind!r}",
            hint=("the mask says, row by row, where the real tokens are; padding may stand on either side"),
        )


@check(item="s004-1.08", points=2)
def first_real_token_under_any_padding(student: Student, draw: Draw) -> None:
    """ "cls" takes the first real token of each row, whether padding stands on the left, the right, or nowhere."""
    pooled_rightly(student, draw, "cls")


@check(item="s004-1.08", points=2)
def last_real_token_under_any_padding(student: Student, draw: Draw) -> None:
    """ "last" takes the last real token of each row, whether padding stands on the left, the right, or nowhere."""
    pooled_rightly(student, draw, "last")


@check(item="s004-1.08")
def padding_never_shows_in_the_pooled_vector(student: Student, draw: Draw) -> None:
    """Huge numbers at padded places change nothing, those at real places come back whole, and a vector of zeros is real
    where the mask says so; the inputs stay as they are."""
    H, mask, ends = padded(draw)
    loud = torch.where(mask.bool().unsqueeze(-1), H, 1e6 * (2 + H))
    for kind in ("cls", "last"):
        before, after_call = student.with_inputs("pool", H, mask, kind)
        expect.unharmed([H, mask, kind], after_call, what="an argument of pool")
        expect.shape(before, (5, 3), what=f"pool(H, mask, {kind!r})")
        expect.same(
            before,
            student.pool(loud, mask, kind),
            what=f"the vectors of kind {kind!r}, when padding changes",
            hint="which places hold real tokens?",
        )
        numbers = expect.numbers(before, (5, 3), what="pool(...)")
        expect.true(bool((abs(numbers) > 1e-3).any()), "pool gives nothing but zeros.")
        large = student.pool(1000 * H, mask, kind)
        expect.close(large, 1000 * numbers, what="pool(1000 H, mask, kind)", hint="the vectors come back as they are")
        empty = H.clone()
        for row, end in enumerate(ends):
            empty[row, end[kind == "last"]] = 0.0
        hint = "which token is real the mask says, and not the numbers"
        expect.close(student.pool(empty, mask, kind), torch.zeros(5, 3), what="the vectors that are zero", hint=hint)


@check(item="s004-1.08")
def gradient_flows_to_the_chosen_position_only(student: Student, draw: Draw) -> None:
    """A gradient at the pooled vector arrives at its one position, whole, and nowhere else."""
    H, mask, ends = padded(draw)
    out = draw.tensor(5, 3)
    for kind in ("cls", "last"):
        want = torch.zeros_like(H)
        for row, end in enumerate(ends):
            want[row, end[kind == "last"]] = out[row]
        # a function with a text argument: the pullback goes through floats only, so mask and kind ride along
        _, gradients = student.vjp("pool", [H, mask, kind], [out])
        expect.true(gradients[0] is not None, "No gradient arrives at H.", "no detach, no .data, no tolist")
        expect.close(
            gradients[0],
            want,
            what=f"the gradient at H for kind {kind!r}",
            hint=("one position is read: a mean, a sum or a maximum spreads the gradient"),
        )


@check(item="s004-1.08")
def sentences_of_one_token_and_batches_of_one(student: Student, draw: Draw) -> None:
    """Where only one token is real both kinds read it; each row of a batch stands alone, also for one row."""
    H = draw.tensor(4, 5, 7)
    mask = torch.eye(5, dtype=torch.int64)[[3, 0, 4, 1]]
    want = torch.stack([H[0, 3], H[1, 0], H[2, 4], H[3, 1]])
    for kind in ("cls", "last"):
        expect.close(student.pool(H, mask, kind), want, what=f"kind {kind!r} with one real token per row")
        expect.close(student.pool(H[2:3], mask[2:3], kind), want[2:3], what=f"kind {kind!r} for a batch of one")
    tiny, one = draw.tensor(1, 1, 2), torch.ones(1, 1, dtype=torch.int64)
    expect.close(student.pool(tiny, one, "last"), tiny[:, 0], what="pool of a single token")
    narrow = draw.tensor(3, 4, 1)
    want = narrow[:, 0]
    full = torch.ones(3, 4, dtype=torch.int64)
    expect.close(student.pool(narrow, full, "cls"), want, what="pool of vectors with one entry", hint="keep both axes")
