"""Trained translators measured again: nats per token and words all right, on words of ours or of the notebook's."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch
from seq2kit.training import evaluate
from seq2kit.translation.piglatin import Pair, load_pairs, pig_latin
from seq2kit.translation.seq2seq import EncoderDecoder, LibraryAttention, LibraryCausalAttention
from seq2kit.translation.translate import Batch, Vocabulary, batches, exact_match, translate, translation_loss
from torch import Tensor

from . import reference as ref

VOCABULARY = Vocabulary()
KINDS = ("encoder_decoder", "decoder_only", "prefix")
LIMIT = 20
MOST_LAYERS = 8  # the notebook's have two
Model = Callable[[Tensor, Tensor], Tensor]


class Measured(NamedTuple):
    """Nats per token (EOS counts as one), and the share of words that are right in every letter."""

    loss: float
    exact: float


def hidden_pairs() -> list[Pair]:
    """Words that no student's list holds, with their translations."""
    text = (Path(__file__).parent / "hidden_words.txt").read_text(encoding="ascii")
    return [(word, pig_latin(word)) for word in text.split("\n") if word and not word.startswith("#")]


def validation_pairs() -> list[Pair]:
    """The words that the notebook keeps back."""
    return list(load_pairs("small").validation)


def digest(weights: dict[str, Tensor]) -> str:
    """A name for these weights."""
    parts = hashlib.sha256()
    for name in sorted(weights):
        parts.update(name.encode() + weights[name].detach().contiguous().numpy().tobytes())
    return parts.hexdigest()


_KEPT: dict[tuple[str, str, str], Measured] = {}


def measured(kind: str, weights: dict[str, Tensor], words: str) -> Measured:
    """Both numbers for a model of this kind; words: "hidden" or "validation". Remembered for each set of weights.

    Raises KeyError, RuntimeError or ValueError when the weights are not of such a model.
    """
    key = kind, digest(weights), words
    if key not in _KEPT:
        pairs = hidden_pairs() if words == "hidden" else validation_pairs()
        run = _encoder_decoder if kind == "encoder_decoder" else _decoder
        with torch.no_grad():
            _KEPT[key] = run(weights, pairs, kind == "prefix")
    return _KEPT[key]


def _encoder_decoder(weights: dict[str, Tensor], pairs: Sequence[Pair], _: bool) -> Measured:
    size, hidden = weights["source_embedding.weight"].shape
    layers = sum(name.endswith(".attention.in_proj_weight") for name in weights) // 3
    if layers > MOST_LAYERS:
        raise ValueError(f"{layers} layers")
    model = EncoderDecoder(size, hidden, layers, LibraryAttention, LibraryCausalAttention)
    model.load_state_dict(weights)
    guesses = translate(model, [word for word, _ in pairs], VOCABULARY, LIMIT)
    loss = evaluate(model, translation_loss, batches(pairs, VOCABULARY, 512))
    return Measured(loss, exact_match(guesses, [truth for _, truth in pairs]))


def _decoder(weights: dict[str, Tensor], pairs: Sequence[Pair], with_prefix: bool) -> Measured:
    def model(tokens: Tensor, allowed: Tensor) -> Tensor:
        logits: Tensor = ref.decoder(weights, tokens, allowed)[0]
        return logits

    step = ref.cached(weights)

    def write(source: Tensor) -> Any:
        return ref.write(step, source, VOCABULARY.sos, VOCABULARY.eos, LIMIT, with_prefix)[0]

    return Measured(loss_of(model, pairs, with_prefix), exact_of(write, pairs))


def groups(pairs: Sequence[Pair]) -> list[Batch]:
    """The words in batches of one length each, sources ending in EOP."""
    return batches(pairs, VOCABULARY, 10_000, end=VOCABULARY.eop)


def loss_of(model: Model, pairs: Sequence[Pair], with_prefix: bool) -> float:
    """Nats per token of the translations."""
    total, count = 0.0, 0
    for batch in groups(pairs):
        part = ref.teacher_forced(model, batch.source, batch.target, batch.real, VOCABULARY.sos, with_prefix)
        total, count = total + part[0], count + part[1]
    return total / count


def exact_of(write: Callable[[Tensor], Any], pairs: Sequence[Pair]) -> float:
    """Share of words right in every letter. write: source (b, S) with EOP -> rows of ids."""
    by_length: dict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_length[len(pair[0])].append(pair)
    right = 0
    for group in by_length.values():
        source = torch.tensor([[*VOCABULARY.encode(word), VOCABULARY.eop] for word, _ in group])
        rows = write(source)
        right += sum(VOCABULARY.decode(row) == truth for row, (_, truth) in zip(rows, group, strict=True))
    return right / len(pairs)
