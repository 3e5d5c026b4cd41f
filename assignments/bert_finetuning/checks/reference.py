"""The trusted side of BERT classifiers: the same architectures, built from numbers that a student's model hands out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import torch
from seq2kit.bert import arithmetic
from seq2kit.bert import models as bert_models
from torch import Tensor, nn
from transformers import BertConfig, BertModel, RobertaModel

from autograder.judge import Draw, Feedback, Handle, Student, expect

Pair = tuple[list[int], int]
MOST_RUNS = 12
A_RUN_APART = 0.02  # of their length, at least, by which the heads of two runs differ; of runs with other seeds: 1.3
bert_models.hush()


class Twin(nn.Module):
    """What a right answer to s001-3.1 computes."""

    def __init__(self, config: Any, kind: str = "bert") -> None:
        super().__init__()
        self.bert = (RobertaModel if kind == "roberta" else BertModel)(config)
        self.classifier = nn.Linear(config.hidden_size, config.num_labels)

    def forward(self, labels: Tensor | None = None, **inputs: Tensor) -> tuple[Tensor, ...]:
        logits = self.classifier(self.bert(**inputs).pooler_output)
        return (logits,) if labels is None else (logits, nn.functional.cross_entropy(logits, labels))


def filled(twin: nn.Module, numbers: Mapping[str, Tensor]) -> Any:
    """The twin with a student's numbers in it, in eval mode. Raises Feedback when one is missing or does not fit."""
    own = dict(twin.named_parameters())
    for name, parameter in own.items():
        if name not in numbers or numbers[name].shape != parameter.shape:
            raise Feedback(
                f"The model has no parameter {name} of the shape that its configuration asks for.",
                "self.bert is a BertModel, self.classifier a linear layer from hidden_size to num_labels",
            )
        expect.numbers(numbers[name].detach(), what="a parameter of the model", most=1e6)
        expect.true(numbers[name].is_floating_point(), "A parameter of the model is no floating-point tensor.")
    twin.to(numbers[next(iter(own))].dtype)
    with torch.no_grad():
        for name, parameter in own.items():
            parameter.copy_(numbers[name])
    return twin.eval()


def twin_of(handle: Handle, num_labels: int, kind: str = "bert", **sizes: Any) -> Any:
    """The trusted twin of a `tiny_model` of the student's."""
    config = bert_models.tiny_config(num_labels, kind="roberta" if kind == "roberta" else "bert", **sizes)
    return filled(Twin(config, kind), handle.parameters())


def made(student: Student, maker: str, *args: Any, **sizes: Any) -> Handle:
    """A model from one of the notebook's makers, which rest on the student's classes."""
    return expect.handle(getattr(student, maker)(*args, **sizes), what=f"What {maker}(...) makes")


def library(student: Student, classes: int, seed: int, **more: Any) -> tuple[Handle, Any]:
    """The library's classifier in the student's process and its twin here: loops and freezes are tried on it, so that
    a slip in the student's own head is not charged again."""
    handle = student.tool("bert_models").made("library_classifier", classes, seed, **more)
    return handle, bert_models.library_classifier(classes, seed, **more)


def sentences(draw: Draw, count: int, longest: int = 9, vocabulary: int = 30, lowest: int = 5) -> list[list[int]]:
    """Different sentences of different lengths, framed by 2 and 3, words from `lowest` on; ids below 5 are marks."""
    found: list[list[int]] = []
    while len(found) < count:
        words = [draw.integer(lowest, vocabulary - 1) for _ in range(draw.integer(1, longest - 2))]
        if [2, *words, 3] not in found:
            found.append([2, *words, 3])
    return found


def pairs(draw: Draw, count: int, classes: int = 3, **more: Any) -> list[Pair]:
    """Sentences with labels, each class among them."""
    return [(ids, k % classes) for k, ids in enumerate(sentences(draw, count, **more))]


def batch(rows: Sequence[Pair], pad_id: int) -> dict[str, Tensor]:
    """What collate should make of the pairs."""
    longest = max(len(ids) for ids, _ in rows)
    return {
        "input_ids": torch.tensor([ids + [pad_id] * (longest - len(ids)) for ids, _ in rows]),
        "attention_mask": torch.tensor([[1] * len(ids) + [0] * (longest - len(ids)) for ids, _ in rows]),
        "labels": torch.tensor([label for _, label in rows]),
    }


def scores(model: Any, rows: Sequence[Pair], pad_id: int) -> Tensor:
    """Logits of all pairs."""
    inputs = batch(rows, pad_id)
    del inputs["labels"]
    with torch.no_grad():
        logits: Tensor = model.eval()(**inputs)[0]
    return logits


def descend(
    model: Any, train: Sequence[Pair], validation: Sequence[Pair], pad_id: int, epochs: int, rate: float
) -> Any:
    """Full-batch AdamW. Returns (loss, accuracy) per epoch."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate)
    history = []
    for _ in range(epochs):
        model.train()
        loss = model(**batch(train, pad_id))[1]
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        right = torch.tensor([label for _, label in validation])
        hit = scores(model, validation, pad_id).argmax(-1) == right
        history.append((loss.item(), hit.double().mean().item()))
    return history


def follow(model: Any, batches: Sequence[Sequence[Pair]], pad_id: int, rate: float) -> None:
    """One update of AdamW for each of these batches, in this order."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate)
    model.train()
    for rows in batches:
        loss = model(**batch(rows, pad_id))[1]
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


# --- trained models -----------------------------------------------------------


@lru_cache(maxsize=16)
def inputs_of(part: str, tokenizer: str) -> tuple[Tensor, Tensor, Tensor]:
    """(ids, labels, minus) of a part of the data in the words of a tokenizer. All sentences have five tokens."""
    items = getattr(arithmetic.split(), part)
    ids = torch.tensor(bert_models.tokenise([one.text for one in items], bert_models.tokenizer(tokenizer)))
    return ids, torch.tensor([one.label for one in items]), torch.tensor([one.minus for one in items])


def model_of(handle: Any, start: str) -> Any:
    """The trusted twin of a model that was fine-tuned from `start`. Raises Feedback when it is no model."""
    if not isinstance(handle, Handle):
        raise Feedback("Where a trained model is expected there is something else.", "run returns a .model")
    config = BertConfig.from_pretrained(bert_models.folder(start), num_labels=3)
    return filled(Twin(config), handle.parameters())


def logits(model: Any, part: str, tokenizer: str) -> tuple[Tensor, Tensor, Tensor]:
    """(logits, labels, minus) of one part. Ids beyond the table, as another tokenizer gives them, become its last."""
    ids, labels, minus = inputs_of(part, tokenizer)
    rows = model.bert.get_input_embeddings().weight.shape[0]
    with torch.no_grad():
        return model(input_ids=ids.clamp(max=rows - 1), attention_mask=torch.ones_like(ids))[0], labels, minus


def report(predicted: Tensor, labels: Tensor, minus: Tensor) -> dict[str, Any]:
    """What `report` of the notebook should say."""
    hit = (predicted == labels).double()
    recall = [float(hit[labels == k].mean()) for k in range(3)]
    return {
        "accuracy": float(hit.mean()),
        "majority": float(torch.bincount(labels).max()) / len(labels),
        "recall": recall,
        "balanced": sum(recall) / 3,
        "minus": float(hit[minus].mean()),
        "minus_majority": float(torch.bincount(labels[minus]).max()) / int(minus.sum()),
    }


def judged(model: Any, parts: Sequence[str], tokenizer: str) -> dict[str, Any]:
    """The report of a model on one or more parts of the data together."""
    found = [logits(model, part, tokenizer) for part in parts]
    scores_, labels, minus = (torch.cat(group) for group in zip(*found, strict=True))
    return report(scores_.argmax(-1), labels, minus)


def surprise(model: Any, part: str, tokenizer: str) -> float:
    """Mean cross-entropy on a part, in nats."""
    scores_, labels, _ = logits(model, part, tokenizer)
    return float(nn.functional.cross_entropy(scores_, labels))


def compare(first: Sequence[float], second: Sequence[float]) -> str:
    """What `compare` of the notebook should say."""
    one, two = (torch.tensor(values, dtype=torch.float64) for values in (first, second))
    difference = float(one.mean() - two.mean())
    error = float((one.var() / len(one) + two.var() / len(two)).sqrt())
    return "undecided" if abs(difference) <= 2 * error else "first" if difference > 0 else "second"


def matrices(model: Any, start: str) -> list[tuple[Tensor, Tensor]]:
    """Each weight matrix of the encoder's layers beside the stored one that it should have grown from."""
    stored = {name.removeprefix("bert."): value for name, value in bert_models.weights(start).items()}
    return [
        (value.detach(), stored[name])
        for name, value in model.bert.named_parameters()
        if name in stored and "encoder" in name and value.ndim == 2
    ]


def similarity(model: Any, start: str) -> float:
    """Smallest cosine between a weight matrix and the stored one."""
    cosine = nn.functional.cosine_similarity
    return min(float(cosine(mine.flatten(), old.flatten(), dim=0)) for mine, old in matrices(model, start))


def untouched(model: Any, start: str) -> bool:
    """Whether some weight matrix is, number for number, the stored one: it was never trained."""
    return any(torch.equal(mine, old) for mine, old in matrices(model, start))
