"""Hidden checks: loading a checkpoint (s001-3.3-load), what the data change (s001-3.3)."""

from __future__ import annotations

import torch
from seq2kit.bert import arithmetic
from seq2kit.bert import models as bert_models
from transformers import AutoConfig, AutoModel

from autograder.judge import Draw, Feedback, Handle, Student, check, expect

from . import freezing
from . import reference as ref

TRAINING = 25.0  # CPU seconds of most of the runs

# --- s001-3.3-load ---------------------------------------------------------------


def loaded(student: Student, name: str, num_labels: int) -> tuple[Handle, Handle]:
    got = student.load_classifier(name, num_labels)
    if not isinstance(got, (tuple, list)) or len(got) != 2 or not all(isinstance(part, Handle) for part in got):
        raise Feedback("load_classifier does not return a pair (model, tokenizer).")
    return got[0], got[1]


def bare(name: str) -> str:
    return name.removeprefix("bert.").removeprefix("roberta.")


def arrive(student: Student, draw: Draw, names: tuple[str, ...], kind: str) -> None:
    """Every stored tensor of the backbone is in the model, and the model computes with them as its kind does."""
    for name in names:
        first, _ = loaded(student, name, 3)
        before = first.parameters()
        model, _ = loaded(student, name, 3)
        student.tool("bert_models").method("generic", model, draw.integer(0, 999))
        expect.true(
            all(torch.equal(value.detach(), before[key].detach()) for key, value in first.parameters().items()),
            "Two models loaded from one folder share memory: whoever trains the second changes the first.",
            "read the folder anew at every call",
        )
        model = first
        numbers = {bare(key): value.detach() for key, value in model.parameters().items()}
        twin = AutoModel.from_pretrained(bert_models.folder(name))
        wanted = {key: value.shape for key, value in twin.named_parameters()}
        head = {"classifier.weight": (3, twin.config.hidden_size), "classifier.bias": (3,)}
        for key, shape in {**wanted, **head}.items():
            expect.true(
                key in numbers and tuple(numbers[key].shape) == tuple(shape),
                f"From a {kind} folder the model comes without {key}, or with another shape of it.",
                "the classifier of Part 2, its self.bert of the kind that the folder is of, with its pooler",
            )
        stored = {bare(key): value for key, value in bert_models.weights(name).items() if key.startswith(f"{kind}.")}
        for key, value in stored.items():
            if key in wanted:
                expect.true(
                    torch.equal(numbers[key].to(value.dtype), value),
                    f"From a {kind} folder a stored tensor does not arrive in the model: the model is re-initialised.",
                    ("stored names begin with the name of their kind; AutoModel builds the class that fits"),
                )
        with torch.no_grad():
            for key, parameter in twin.named_parameters():
                parameter.copy_(numbers[key])
            mark = {"bert": (2, 3), "roberta": (0, 2)}[kind]
            ids = torch.tensor([[mark[0], draw.integer(5, 20), draw.integer(5, 20), mark[1]]])
            want = twin.eval()(input_ids=ids, attention_mask=torch.ones_like(ids)).pooler_output
        got = model.part("bert").turned("eval")(input_ids=ids, attention_mask=torch.ones_like(ids))
        if not isinstance(got, dict) or "pooler_output" not in got:
            raise Feedback("The backbone of the loaded model, its self.bert, hands out no pooler_output.")
        expect.close(  # the backbone alone: a slip in the head's forward is not charged here again
            got["pooler_output"],
            want,
            what=f"what the {kind} backbone computes",
            rtol=1e-4,
            hint="the two kinds differ in more than names: RoBERTa counts positions from 2",
        )


@check(item="s001-3.3-load")
def stored_numbers_of_a_bert_arrive(student: Student, draw: Draw) -> None:
    """For folders of BERT's kind every stored backbone tensor is in the model, and the model computes as BERT."""
    arrive(student, draw, ("bert-tweet", f"random-bert-{draw.integer(100, 99999)}"), "bert")


@check(item="s001-3.3-load", points=2)
def stored_numbers_of_a_roberta_arrive(student: Student, draw: Draw) -> None:
    """For folders of RoBERTa's kind every stored backbone tensor is in the model, and the model computes as RoBERTa."""
    arrive(student, draw, ("roberta-tweet", f"random-roberta-{draw.integer(100, 99999)}"), "roberta")


@check(item="s001-3.3-load")
def the_tokenizer_belongs_to_the_model(student: Student, draw: Draw) -> None:
    """The tokenizer is that of the same folder: its words have the ids under which the model knows them."""
    words = f"{draw.choice(arithmetic.NUMBERS)} minus {draw.choice(arithmetic.NUMBERS)}"
    for name in (
        "bert-tweet",
        "roberta-tweet",
        f"random-bert-{draw.integer(100, 999)}",
        f"random-roberta-{draw.integer(100, 999)}",
    ):
        _, by = loaded(student, name, 2)
        got = student.tool("bert_models").method("tokenise", [words], by)
        want = bert_models.tokenise([words], bert_models.tokenizer(name))
        expect.true(
            expect.identical(want, got),
            "The tokenizer gives other ids than the one of the model's own folder.",
            "with another tokenizer every word is taken for another one, and nothing complains",
        )


@check(item="s001-3.3-load")
def the_head_has_the_asked_number_of_classes(student: Student, draw: Draw) -> None:
    """The head has num_labels rows over the folder's hidden size, for both kinds, and the configuration agrees."""
    for name, labels in ((f"random-bert-{draw.integer(100, 999)}", 2), (f"random-roberta-{draw.integer(100, 999)}", 5)):
        model, _ = loaded(student, name, labels)
        weight = model.parameters().get("classifier.weight")
        hidden = int(AutoConfig.from_pretrained(bert_models.folder(name)).hidden_size)
        expect.true(weight is not None, "The model has no head called classifier.")
        expect.shape(weight, (labels, hidden), what=f"the head with {labels} labels", hint="num_labels is an argument")
        expect.true(
            expect.number(model.part("config").num_labels, what="num_labels of the configuration") == labels,
            "The model's configuration names another number of labels.",
            "hand num_labels to from_pretrained of the configuration",
        )


def stored_like(handle: Handle, prefix: str) -> dict[str, torch.Tensor]:
    """A checkpoint with the backbone of this model, under another prefix, in another order, and things beside."""
    own = [
        (key.removeprefix("bert."), value.detach())
        for key, value in handle.parameters().items()
        if key.startswith("bert.")
    ]
    expect.true(bool(own), "The model has no backbone under the name bert.", "self.bert is a BertModel")
    found = {f"{prefix}{key}": value for key, value in reversed(own)}
    return {"lm_head.bias": torch.ones(30), **found, "cls.predictions.bias": torch.zeros(30)}


def fraction(
    student: Student, model: Handle, checkpoint: dict[str, torch.Tensor], wanted: float, when: str, hint: str
) -> None:
    got = expect.number(student.loaded_fraction(model, checkpoint), what="loaded_fraction(model, checkpoint)")
    expect.close(got, wanted, what=f"loaded_fraction {when}", rtol=1e-6, atol=1e-9, hint=hint)


@check(item="s001-3.3-load")
def fraction_of_an_untouched_load(student: Student, draw: Draw) -> None:
    """The fraction is 1 when everything is stored, under bert., roberta. or no prefix, and the stored files agree."""
    hint = "compare names after the prefixes bert. and roberta. are gone; the head is not part of the backbone"
    for kind, prefix in (("bert", "bert."), ("roberta", "roberta."), ("bert", "")):
        model = ref.made(student, "tiny_model", 3, draw.integer(0, 999), kind=kind, layers=2)
        fraction(student, model, stored_like(model, prefix), 1.0, "where every tensor is stored", hint)
    with_head = {**stored_like(model, "bert."), "classifier.weight": torch.zeros(3, 12)}
    fraction(student, model, with_head, 1.0, "where the checkpoint has a head of its own", hint)


@check(item="s001-3.3-load", points=2)
def fraction_exposes_reinitialised_tensors(student: Student, draw: Draw) -> None:
    """Tensors of the same name and shape with other numbers do not count, were it by one entry; nor do other names."""
    hint = "a name and a shape on both sides say nothing about the numbers: compare these"
    for kind, prefix in (("bert", "bert."), ("roberta", "roberta.")):
        model = ref.made(student, "tiny_model", 3, draw.integer(0, 999), kind=kind)
        other = stored_like(ref.made(student, "tiny_model", 3, 1000 + draw.integer(0, 999), kind=kind), prefix)
        fraction(student, model, other, 0.0, "where all numbers are others", hint)
        stored = stored_like(model, prefix)
        keys = [key for key in stored if key.startswith(prefix)]
        for key in keys[:3]:
            stored[key] = stored[key].clone()
            stored[key].view(-1)[draw.integer(0, stored[key].numel() - 1)] += 1e-3
        fraction(student, model, stored, (len(keys) - 3) / len(keys), "where three tensors differ in one entry", hint)
        elsewhere = {
            f"{prefix}other.{key.removeprefix(prefix)}": value for key, value in stored_like(model, prefix).items()
        }
        fraction(student, model, elsewhere, 0.0, "where the numbers are stored under other names", hint)


@check(item="s001-3.3-load")
def fraction_counts_the_tensors_of_the_backbone(student: Student, draw: Draw) -> None:
    """The denominator is the number of the backbone's tensors: not their entries, not the checkpoint, not the head. The
    checkpoint stays as it was."""
    for labels in (2, 5):
        model = ref.made(student, "tiny_model", labels, draw.integer(0, 999), layers=2)
        stored = stored_like(model, "bert.")
        keys = [key for key in stored if key.startswith("bert.")]
        gone = [keys[int(k)] for k in draw.permutation(len(keys))[: draw.integer(3, 9)]]
        for key in gone[2:]:
            del stored[key]
        stored[gone[0]] = torch.zeros(2, 3, 4)
        stored[gone[1]] = stored[gone[1]].unsqueeze(0)  # the same numbers, and they broadcast
        fraction(
            student,
            model,
            stored,
            1 - len(gone) / len(keys),
            "where some tensors are missing or have another shape",
            ("each tensor of the model's backbone counts once, whatever its size and whatever else is stored"),
        )
    after = student.with_inputs("loaded_fraction", model, stored)[1]
    expect.unharmed(stored, after[1], what="the checkpoint that loaded_fraction got")


# --- s001-3.3 --------------------------------------------------------------------


def follows(student: Student, name: str, words: dict[str, str], first: list[float], second: list[float]) -> None:
    got = expect.one_of(student.value(name), (*words.values(), "undecided"), what=name)
    wanted = words.get(ref.compare(first, second), "undecided")
    expect.true(
        got == wanted,
        f"{name} contradicts the accuracies of your own models.",
        "put the validation accuracies of both into the rule of compare",
        f"{first} {second}",
    )


@check(item="s001-3.3", points=2, training=TRAINING)
def verdict_after_few_items_follows_from_the_models(student: Student, draw: Draw) -> None:
    """few_items is what the student's own models of 160 items say, math against tweet, by the rule of compare."""
    one = freezing.accuracies(student, "tuned", 160)
    two = freezing.accuracies(student, "others", "tweet, 160", "bert-tweet")
    follows(student, "few_items", {"first": "math", "second": "tweet"}, one, two)
    freezing.something_was_learned(student)


@check(item="s001-3.3", points=2, training=TRAINING)
def verdict_after_many_items_follows_from_the_models(student: Student, draw: Draw) -> None:
    """many_items is what the student's own models of 640 items say, math against random, by the rule of compare."""
    one = freezing.accuracies(student, "tuned", 640)
    two = freezing.accuracies(student, "others", "random, 640")
    follows(student, "many_items", {"first": "math", "second": "random"}, one, two)
    freezing.something_was_learned(student)


@check(item="s001-3.3", points=2)
def what_the_misread_model_began_as(student: Student, draw: Draw) -> None:
    """misread_began_as says what a RoBERTa checkpoint is worth in a class that looks for names of BERT's."""
    got = expect.one_of(student.value("misread_began_as"), ("tweets", "numbers", "nothing"), what="misread_began_as")
    expect.true(
        got == "nothing",
        "misread_began_as is not what the loaded fraction of that model says.",
        "loaded_fraction(pre_trained('roberta-tweet'), bert_models.weights('roberta-tweet')) is in a cell of 5.2",
    )
