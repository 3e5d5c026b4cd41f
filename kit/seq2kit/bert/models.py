"""Where the BERTs of the course lie, and how a name becomes a folder that `from_pretrained` reads.

Shipped: `bert-math` and `bert-tweet` (as saved by BertForMaskedLM) and `roberta-tweet`, which is bert-tweet in the
format of RoBERTa. All are made by `python -m seq2kit.bert.make`. Names such as `random-bert-7` and
`random-roberta-7` stand for small folders of random numbers, made when first asked for: to try code on. `minilm` is a
real model, found where it is installed (`packaged`). Any other name is left to transformers: a folder of yours, or a
model of the hub.
"""

from __future__ import annotations

import atexit
import os
import random
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import (
    AutoConfig,
    AutoTokenizer,
    BertConfig,
    BertForMaskedLM,
    BertForPreTraining,
    BertForSequenceClassification,
    PreTrainedModel,
    RobertaConfig,
    RobertaForMaskedLM,
    RobertaModel,
)
from transformers.utils import logging
from transformers.utils.hub import cached_file

from seq2kit import checkpoints, profiles
from seq2kit.bert import packaged
from seq2kit.bert.arithmetic import NUMBERS, SIGNS
from seq2kit.bert.make import BERT_MARKS, ROBERTA_MARKS, bert_tokenizer, write

Kind = Literal["bert", "roberta"]
SHIPPED = Path(__file__).parents[1] / "models"
HUB = {"math": "tbs17/MathBERT", "tweet": "vinai/bertweet-base"}
SMALL = {"math": "bert-math", "tweet": "bert-tweet"}
ONLINE = "SEQ2KIT_ONLINE"
_RANDOM = re.compile(r"random-(bert|roberta)-(\d{1,9})")


def names() -> dict[str, str]:
    """What "math" and "tweet" stand for: the models shipped here, or, with $SEQ2KIT_ONLINE set to 1, those of the
    hub. The two of the hub differ in kind: one is a BERT, the other a RoBERTa."""
    return HUB if os.environ.get(ONLINE, "") == "1" else SMALL


def folder(name: str) -> str:
    """What to hand to `from_pretrained` for this name: a folder for the models of the course, else the name.

    Raises packaged.NotInstalled for a model that has to be installed first (with $SEQ2KIT_ONLINE it is the hub's)."""
    if name in packaged.PACKAGES:
        online = os.environ.get(ONLINE, "") == "1" and not packaged.installed(name)
        return packaged.PACKAGES[name].hub if online else packaged.folder(name)
    if (SHIPPED / name / "config.json").is_file():
        return str(SHIPPED / name)
    found = _RANDOM.fullmatch(name)
    return _made(found[1], int(found[2])) if found else name


@dataclass(frozen=True)
class Recipe:
    """How long and how fast a model is trained: AdamW, at `rate` where all weights are, at `head_rate` a head alone."""

    epochs: int
    batch: int
    rate: float
    head_rate: float


def recipe(config: Any) -> Recipe:
    """The recipe for a model of this configuration, by its width: the rate that suits a small model breaks a large one.

    64 dimensions and 384 were tried here. From 768 on, as BERT has: rate, batch and epochs from the grid of Devlin et
    al. (2019), appendix A.3; the rate of its head is a guess."""
    if config.hidden_size < 256:
        return Recipe(profiles.by_profile(full=20, fast=3), 32, 5e-4, 2e-2)
    if config.hidden_size < 768:
        return Recipe(profiles.by_profile(full=4, fast=1), 32, 1e-4, 2e-2)
    return Recipe(profiles.by_profile(full=4, fast=1), 32, 5e-5, 1e-2)


@lru_cache(maxsize=32)
def tokenizer(name: str) -> Any:
    """The tokenizer that belongs to the model: ids mean nothing to another one."""
    return AutoTokenizer.from_pretrained(folder(name))


def vocabulary_size(name: str) -> int:
    """How many rows the model's embedding table has."""
    return int(AutoConfig.from_pretrained(folder(name)).vocab_size)


def weights(name: str) -> dict[str, Tensor]:
    """What is stored: name -> tensor, from safetensors or from the older pytorch_model.bin, in a folder or in the
    hub's cache. Raises FileNotFoundError where neither is found."""
    for file in ("model.safetensors", "pytorch_model.bin"):
        try:
            found = cached_file(folder(name), file)
        except OSError:  # not this file, or no such folder
            continue
        if found and file.endswith(".safetensors"):
            return load_file(found)
        if found:
            stored: dict[str, Tensor] = torch.load(found, map_location="cpu", weights_only=True)
            return stored
    raise FileNotFoundError(f"no stored weights of {name} are found on this disk")


def tokenise(sentences: Sequence[str], by: Any) -> list[list[int]]:
    """Ids of each sentence with its begin and end marks, not padded. by: a tokenizer."""
    return [[int(number) for number in row] for row in by(list(sentences))["input_ids"]]


def tiny_config(
    num_labels: int, *, hidden: int = 12, layers: int = 1, vocabulary: int = 30, dropout: float = 0.0,
    kind: Kind = "bert", **more: Any,
) -> BertConfig | RobertaConfig:  # fmt: skip
    """The configuration of a model that is built in a moment: 2 heads, sentences of at most 16 tokens."""
    settings: dict[str, Any] = {
        "hidden_size": hidden, "num_hidden_layers": layers, "num_attention_heads": 2, "vocab_size": vocabulary,
        "intermediate_size": hidden + 7, "hidden_dropout_prob": dropout, "attention_probs_dropout_prob": dropout,
    }  # fmt: skip
    make: Any = RobertaConfig if kind == "roberta" else BertConfig
    config: BertConfig | RobertaConfig = make(
        num_labels=num_labels, max_position_embeddings=18 if kind == "roberta" else 16, **{**settings, **more}
    )
    return config


def generic(model: nn.Module, seed: int, scale: float = 0.3) -> None:
    """Fill every parameter with normal numbers, in the order of the names: a model in which nothing is 0 or 1."""
    draw = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for _, parameter in sorted(model.named_parameters()):
            parameter.copy_(torch.randn(parameter.shape, generator=draw) * scale)


@lru_cache(maxsize=1)
def _place() -> Path:
    place = tempfile.mkdtemp(prefix="seq2kit-models-")
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return Path(place)


def _made(kind: str, seed: int) -> str:
    target = _place() / f"random-{kind}-{seed}"
    if not (target / "tokenizer_config.json").is_file():
        draw = random.Random(seed)
        marks, others = (BERT_MARKS if kind == "bert" else ROBERTA_MARKS), [*NUMBERS, *SIGNS]
        draw.shuffle(others)
        words = {word: number for number, word in enumerate([*marks, *others])}
        special = marks if kind == "bert" else (marks[1], marks[3], marks[0], marks[2], marks[4])
        write(_random_model(kind, seed, len(words), words[special[0]]), bert_tokenizer(words, special), target)
    return str(target)


def _random_model(kind: str, seed: int, vocabulary: int, pad: int) -> PreTrainedModel:
    """As published models come: masked-language models, and (odd seeds of BERT) with the pooler as well."""
    sizes: dict[str, Any] = {
        "hidden": 8 + 4 * (seed % 3), "layers": 1 + seed % 2, "vocabulary": vocabulary, "pad_token_id": pad
    }  # fmt: skip
    make: Any = RobertaForMaskedLM if kind == "roberta" else BertForPreTraining if seed % 2 else BertForMaskedLM
    model: PreTrainedModel = make(tiny_config(2, kind="roberta" if kind == "roberta" else "bert", **sizes))
    generic(model, seed)
    return model


class Kept:
    """A model that was trained once. `history` and `parts` (how many items of each part of the data it was trained
    on) are there at once; `model` is built and filled when first asked for, so that a notebook with many of them
    starts in a moment."""

    def __init__(self, label: str, build: Callable[[], nn.Module]) -> None:
        self.label, self._build = label, build
        self._stored, facts = checkpoints.load(label)
        self.history: list[list[float]] = facts.get("history", [])
        self.parts: dict[str, int] = facts.get("parts", {})
        self._model: nn.Module | None = None

    @property
    def model(self) -> nn.Module:
        """The trained model, in eval mode. Raises ValueError when what is stored belongs to another one."""
        if self._model is None:
            model = self._build()
            found = model.load_state_dict({name: value.float() for name, value in self._stored.items()}, strict=False)
            if found.unexpected_keys:
                raise ValueError(
                    f"the checkpoint {self.label} belongs to another model: it holds {found.unexpected_keys[0]}. "
                    "Delete it and train again"
                )
            self._model = model.eval()
        return self._model


def kept(label: str, start: str, build: Callable[[], nn.Module], train: Callable[[nn.Module], dict[str, Any]]) -> Kept:
    """The trained model called `label`: as it lies on disk, after `train(build())` if it does not yet.

    build: gives the model before training, the same each time; train: returns facts about the run as JSON can hold
    them, with a `history`. Stored in half precision and without what `start` holds already: a hand-in stays small,
    and frozen weights exact. Raises checkpoints.NotTrained where nothing may be trained and nothing was handed in.
    With $SEQ2KIT_ONLINE the label gets an ending of its own: it names another model then.
    """
    if os.environ.get(ONLINE, "") == "1":
        label += "-online"
    if not checkpoints.exists(label) and checkpoints.may_train():
        known = _known(start)
        model = build()
        facts = train(model)
        own = {
            name: value.to(torch.float16) for name, value in model.state_dict().items()
            if _bare(name) not in known or not torch.equal(known[_bare(name)], value)
        }  # fmt: skip
        checkpoints.save(label, own, facts)
    return Kept(label, build)


def _known(start: str) -> dict[str, Tensor]:
    """What need not be stored again, without the backbone's name: nothing for a model that starts from nothing."""
    try:
        return {_bare(name): value for name, value in weights(start).items()} if start else {}
    except FileNotFoundError:
        return {}


def _bare(name: str) -> str:
    """A parameter's name without the backbone's."""
    return re.sub(r"^(bert|roberta)\.", "", name)


class Watched(nn.Module):
    """A model that writes down what it is asked: to see what a training loop really does.

    `log` holds one entry per call: `ids` (each sentence without padding), `training`, `gradients` (were they on?).
    """

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model
        self.log: list[dict[str, Any]] = []

    def forward(self, labels: Tensor | None = None, **inputs: Tensor) -> Any:
        """What the model answers."""
        mask = inputs.get("attention_mask")
        rows = inputs["input_ids"].tolist()
        marks = [[True] * len(row) for row in rows] if mask is None else mask.bool().tolist()
        ids = [[i for i, real in zip(row, own, strict=True) if real] for row, own in zip(rows, marks, strict=True)]
        self.log.append({"ids": ids, "training": self.training, "gradients": torch.is_grad_enabled()})
        return self.model(labels=labels, **inputs)


class BagOfWords(nn.Module):
    """A classifier that averages word vectors: answers like the BERT classifier of the notebook, built otherwise."""

    def __init__(self, num_labels: int, vocabulary: int = 30, hidden: int = 6) -> None:
        super().__init__()
        self.classifier = nn.Linear(hidden, num_labels)
        self.table = nn.Embedding(vocabulary, hidden)
        self.norm = nn.LayerNorm(hidden)
        self.scale = nn.Parameter(torch.ones(hidden))

    def forward(self, labels: Tensor | None = None, *, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, ...]:
        """(logits,) or (logits, loss). input_ids, attention_mask: (b, n); labels: (b,)."""
        real = attention_mask.unsqueeze(-1).to(self.scale.dtype)
        mean = (self.table(input_ids) * real).sum(1) / real.sum(1)
        logits: Tensor = self.classifier(torch.tanh(self.norm(mean)) * self.scale)
        return (logits,) if labels is None else (logits, nn.functional.cross_entropy(logits, labels))


class LibraryClassifier(BertForSequenceClassification):  # type: ignore[no-untyped-call]
    """The classifier that comes with transformers, answering in tuples: (logits,), or (logits, loss) with labels.

    To try a training loop or a freeze on, when one's own classifier is not yet to be trusted."""

    def forward(self, labels: Tensor | None = None, **inputs: Any) -> Any:
        """What the library answers, without names."""
        found = super().forward(labels=labels, **inputs)
        return (found.logits,) if labels is None else (found.logits, found.loss)


def library_classifier(
    num_labels: int = 3, seed: int = 0, *, kind: Kind = "bert", dtype: str = "float32", **sizes: Any
) -> LibraryClassifier:
    """A small LibraryClassifier of generic numbers in eval mode, with a backbone of either kind as its `bert`."""
    config: Any = tiny_config(num_labels, kind=kind, **sizes)
    model = LibraryClassifier(config)
    if kind == "roberta":
        model.bert = RobertaModel(config)  # type: ignore[assignment]
    generic(model, seed)
    model.to(getattr(torch, dtype))
    model.train(False)
    return model


class FakeClock:
    """A clock that only a step moves. `step()` takes the next of `seconds`; `now()` reads the time."""

    def __init__(self, seconds: Sequence[float]) -> None:
        self.seconds, self.calls, self._time = list(seconds), 0, 100.0

    def step(self) -> None:
        """One step of work. Raises IndexError past the last one planned."""
        self._time += self.seconds[self.calls]
        self.calls += 1

    def now(self) -> float:
        """Seconds since some moment, as time.perf_counter tells them."""
        return self._time


def hush() -> None:
    """No progress bars and no tables while models are loaded."""
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
