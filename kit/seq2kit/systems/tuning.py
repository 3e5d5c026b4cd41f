"""Two tasks on the same sentences, to see what a model forgets of the first one when it is tuned for the second.

Sentences are those of verbal arithmetic ("four minus ten"). Task "sign": is the result below zero (class 0) or not (1)?
Task "size": is the first number small (to six), middle (to thirteen) or large? Heads have three outputs in both.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertForSequenceClassification

from seq2kit import checkpoints
from seq2kit.bert import models, packaged
from seq2kit.bert.arithmetic import NUMBERS, Item, split

OURS = Path(__file__).parents[1] / "models" / "minilm" / "tuning.json"
TASKS = ("sign", "size")
CLASSES = 3


def labels(task: str, items: Sequence[Item]) -> Tensor:
    """The classes (n,) of the sentences. Raises ValueError for another task."""
    if task not in TASKS:
        raise ValueError(f"tasks are {TASKS}, not {task!r}")
    if task == "sign":
        return torch.tensor([min(1, one.label) for one in items])
    return torch.tensor([min(2, NUMBERS.index(one.text.split()[0]) // 7) for one in items])


@lru_cache(maxsize=4)
def sentences(name: str) -> dict[str, tuple[tuple[Item, ...], dict[str, Tensor]]]:
    """{"train": (items, inputs), "validation": ...}: 640 and 160 sentences in the tokens of the model `name`."""
    tokenizer, found = models.tokenizer(name), split()
    parts = {"train": found.train, "validation": found.validation}
    return {
        part: (items, dict(tokenizer([one.text for one in items], padding=True, return_tensors="pt")))
        for part, items in parts.items()
    }


def classifier(name: str, seed: int = 0) -> BertForSequenceClassification:
    """The stored model `name` with a new head of three classes, `classifier`; `name` is "" for the shape of bert-math
    alone, with random numbers. No dropout."""
    torch.manual_seed(seed)
    models.hush()
    plain: Any = BertConfig.from_pretrained(models.folder(name or "bert-math"))
    plain.num_labels = CLASSES
    plain.hidden_dropout_prob = plain.attention_probs_dropout_prob = 0.0
    model: BertForSequenceClassification = BertForSequenceClassification(plain)
    if name:
        own = {key.removeprefix("bert."): value for key, value in models.weights(name).items()}
        base: Any = model.bert
        base.load_state_dict({key: own[key] for key in base.state_dict() if key in own}, strict=False)
    return model


def logits(model: Any, inputs: Mapping[str, Tensor], head: nn.Module | None = None) -> Tensor:
    """(n, 3). head: another than the model's own. With a `model.prompt`, its vectors go before those of the words."""
    ids, mask = inputs["input_ids"], inputs["attention_mask"]
    embeds = model.bert.embeddings.word_embeddings(ids)
    prompt = getattr(model, "prompt", None)
    extra = 0
    if prompt is not None:
        longer, mask = prompt(embeds, mask)
        extra, embeds = longer.shape[1] - embeds.shape[1], longer
    states = model.bert(inputs_embeds=embeds, attention_mask=mask).last_hidden_state[:, extra:]
    real = inputs["attention_mask"].unsqueeze(-1).to(states.dtype)
    found: Tensor = (head or model.classifier)((states * real).sum(1) / real.sum(1))
    return found


def accuracy(model: nn.Module, name: str, task: str, head: nn.Module | None = None) -> float:
    """Mean recall of the classes on the 160 validation sentences: balanced accuracy. A constant gets 1/2 for "sign" and
    1/3 for "size"."""
    items, inputs = sentences(name)["validation"]
    with torch.no_grad(), evaluating(model):
        guess = logits(model, inputs, head).argmax(-1)
    right, truth = guess == labels(task, items), labels(task, items)
    return float(torch.stack([right[truth == c].double().mean() for c in truth.unique()]).mean())


@contextlib.contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """Inside, the model is in eval mode."""
    before = model.training
    model.eval()
    try:
        yield
    finally:
        model.train(before)


def fit(
    model: nn.Module, name: str, task: str, *, epochs: int, rate: float, seed: int = 0, examples: int = 640,
    rehearse: tuple[str, nn.Module, int] | None = None,
) -> list[float]:  # fmt: skip
    """Train what of the model requires a gradient: AdamW, batches of 32. Returns the mean loss of each epoch, in nats.

    rehearse: (task, head, number): beside each batch so many sentences of another task, through its own head, the
    head left as it is."""
    items, inputs = sentences(name)["train"]
    truth = labels(task, items)
    drawn = torch.Generator().manual_seed(seed)
    chosen = torch.randperm(len(items), generator=drawn)[:examples]
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=rate, weight_decay=0.0)
    means = []
    for _ in range(epochs):
        total = 0.0
        for batch in chosen[torch.randperm(len(chosen), generator=drawn)].split(32):
            loss = nn.functional.cross_entropy(logits(model, rows(inputs, batch)), truth[batch])
            total += float(loss.detach()) * len(batch)
            if rehearse is not None:
                old, head, number = rehearse
                again = torch.randint(len(items), (number,), generator=drawn)
                kept = logits(model, rows(inputs, again), head)
                loss = loss + nn.functional.cross_entropy(kept, labels(old, items)[again])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        means.append(total / len(chosen))
    return means


def rows(inputs: Mapping[str, Tensor], index: Tensor) -> dict[str, Tensor]:
    """Some of the sentences."""
    return {key: value[index] for key, value in inputs.items()}


def a_few_steps(model: nn.Module, seed: int = 0, steps: int = 3) -> None:
    """Train a classifier for a moment, on sentences of random tokens: to see which weights move."""
    drawn = torch.Generator().manual_seed(seed)
    size: Any = model.get_submodule("bert")
    inputs = {"input_ids": torch.randint(5, int(size.config.vocab_size), (6, 4), generator=drawn)}
    inputs["attention_mask"] = torch.ones_like(inputs["input_ids"])
    target = torch.randint(CLASSES, (6,), generator=drawn)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=0.05, weight_decay=0.1)
    for _ in range(steps):
        optimizer.zero_grad()
        nn.functional.cross_entropy(logits(model, inputs), target).backward()
        optimizer.step()


def a_step(module: nn.Module, x: Tensor, rate: float = 0.1, steps: int = 2) -> None:
    """Some steps of SGD of whatever in a module requires a gradient, to bring its output to 1."""
    trained = [p for p in module.parameters() if p.requires_grad]
    optimizer = torch.optim.SGD(trained, lr=rate, weight_decay=0.1)
    for _ in range(steps):
        optimizer.zero_grad()
        ((module(x) - 1) ** 2).mean().backward()
        optimizer.step()


def told_of_turned(work: Callable[[dict[str, Tensor]], Any], tensors: Mapping[str, Tensor]) -> Any:
    """What `work` makes of the same tensors, with the numbers of each matrix column by column in memory."""
    return work({name: t.T.contiguous().T if t.dim() == 2 else t for name, t in tensors.items()})


def tuned_start(seed: int = 0, epochs: int = 6) -> BertForSequenceClassification:
    """bert-math, tuned in full for the task "sign": takes about a second."""
    model = classifier("bert-math", seed)
    fit(model, "bert-math", "sign", epochs=epochs, rate=1e-3, seed=seed)
    return model


def told(label: str, name: str, work: Callable[[], dict[str, Any]]) -> tuple[dict[str, Any], bool]:
    """(what is told of a run with the packaged model `name`, whether it is the course's own).

    work: runs it and returns what JSON can hold; called where the model is installed, once, and never in the grader.
    Elsewhere the run of the course is told, which lies in the kit. See seq2kit.bert.packaged.
    """
    if not checkpoints.exists(label) and packaged.installed(name) and not os.environ.get("SEQ2GRADE_GRADING"):
        checkpoints.save(label, {"told": torch.zeros(1)}, work())
    if checkpoints.exists(label):
        return checkpoints.load(label)[1], False
    found: dict[str, Any] = json.loads(OURS.read_text(encoding="utf-8"))[label]
    return found, True
