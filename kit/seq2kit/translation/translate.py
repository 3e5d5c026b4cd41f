"""From pairs of words to tensors, the loss of a translator, and translating with one."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from string import ascii_lowercase

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from seq2kit.translation.piglatin import Pair, Pairs
from seq2kit.translation.text_pairs import other_characters

_TEXT = ascii_lowercase + "-"
_SIGNS = ("<SOS>", "<EOS>", "<EOP>")


@dataclass(frozen=True)
class Vocabulary:
    """The 30 tokens: ids 0-25 are a-z, 26 is the hyphen, then the start of a translation (sos), the end of a word
    (eos), and the end of the prompt (eop), which parts source and translation in a decoder-only model.

    more: further characters, such as "äöüß ", with the ids from 30 on; `vocabulary_of` finds those that pairs need."""

    sos: int = 27
    eos: int = 28
    eop: int = 29
    more: str = ""

    def __post_init__(self) -> None:
        if len(set(self.more)) != len(self.more) or set(self.more) & set(_TEXT):
            raise ValueError(f"each further character stands there once, and is not a-z or '-'; got {self.more!r}")

    def __len__(self) -> int:
        return len(_TEXT) + len(_SIGNS) + len(self.more)

    def encode(self, text: str) -> list[int]:
        """The ids of the characters of `text`, no sign added. Raises ValueError for a character that has none."""
        ids = {character: place for place, character in enumerate([*_TEXT, *_SIGNS, *self.more])}
        unknown = sorted(set(text) - set(ids))
        if unknown:
            known = "".join(["a-z and '-'", *(f", {character!r}" for character in self.more)])
            raise ValueError(f"the vocabulary has {known}, but {text!r} has {', '.join(map(repr, unknown))}")
        return [ids[character] for character in text]

    def decode(self, ids: Iterable[int]) -> str:
        """The text up to the first EOS, or all of it if there is none. SOS and EOP inside are written <SOS>, <EOP>,
        so that a translation that has them equals no word. Raises ValueError for an id outside the vocabulary."""
        signs = [*_TEXT, *_SIGNS, *self.more]
        out = []
        for token in map(int, ids):
            if token == self.eos:
                break
            if not 0 <= token < len(signs):
                raise ValueError(f"{token} is no id of this vocabulary: 0 to {len(signs) - 1}")
            out.append(signs[token])
        return "".join(out)


def vocabulary_of(pairs: Pairs) -> Vocabulary:
    """The vocabulary with what these pairs have beyond a-z and the hyphen, those that are kept back included."""
    return Vocabulary(more=other_characters([*pairs.train, *pairs.validation], _TEXT))


@dataclass(frozen=True)
class Batch:
    """b words of one length with their translations.

    source: (b, S) int64, the letters and then one end sign: no padding, so attention needs no mask for it.
    target: (b, T) int64, the letters of the translation, EOS, and more EOS as padding.
    real: (b, T) bool, True up to and including the first EOS: the tokens that count in a loss.
    """

    source: Tensor
    target: Tensor
    real: Tensor


def batches(
    pairs: Sequence[Pair], vocabulary: Vocabulary, size: int, generator: torch.Generator | None = None,
    device: torch.device | str = "cpu", *, end: int | None = None,
) -> list[Batch]:  # fmt: skip
    """All pairs, each once, in batches of at most `size` words with sources of equal length.

    With a generator the words of a length and the order of the batches are shuffled; without one both are always
    the same. Words of one length are shared out evenly, so that no batch is much smaller than its neighbours.
    end: the sign after each source, EOS unless given (a decoder-only model wants `vocabulary.eop`).
    Raises ValueError for a size below 1.
    """
    if size < 1:
        raise ValueError(f"a batch holds at least one word, got size {size}")
    end = vocabulary.eos if end is None else end
    by_length: dict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_length[len(pair[0])].append(pair)
    found: list[Batch] = []
    for length in sorted(by_length):
        group = _tensors(by_length[length], vocabulary, end)
        count = len(by_length[length])
        order = torch.arange(count) if generator is None else torch.randperm(count, generator=generator)
        for rows in order.tensor_split(math.ceil(count / size)):
            # words of one length have translations of nearly one length: cut what no word of this batch needs
            longest = int(group.real[rows].sum(1).max())
            found.append(
                Batch(
                    group.source[rows].to(device),
                    group.target[rows, :longest].to(device),
                    group.real[rows, :longest].to(device),
                )
            )
    if generator is None:
        return found
    return [found[int(place)] for place in torch.randperm(len(found), generator=generator)]


def _tensors(pairs: Sequence[Pair], vocabulary: Vocabulary, end: int) -> Batch:
    source = torch.tensor([[*vocabulary.encode(word), end] for word, _ in pairs])
    targets = [vocabulary.encode(translation) for _, translation in pairs]
    width = max(map(len, targets)) + 1
    target = torch.tensor([ids + [vocabulary.eos] * (width - len(ids)) for ids in targets])
    lengths = torch.tensor([len(ids) + 1 for ids in targets])
    return Batch(source, target, torch.arange(width) < lengths[:, None])


def token_loss(logits: Tensor, target: Tensor, real: Tensor) -> tuple[Tensor, int]:
    """(sum of the cross-entropies of the real tokens in nats, their number).

    logits: (b, T, V); target: (b, T) int64; real: (b, T) bool. Sums, not means: a mean over batches of different
    sizes would weigh the tokens of a small batch more.
    """
    return cross_entropy(logits[real], target[real], reduction="sum"), int(real.sum())


def translation_loss(model: nn.Module, batch: Batch) -> tuple[Tensor, int]:
    """Teacher forcing for an encoder-decoder: (sum over the real target tokens in nats, their number).

    model: called as model(source (b, S), target_inputs (b, T)), gives logits (b, T, V), or a tuple that begins
    with them. The inputs are SOS and the target without its last token: position t sees tokens before t only.
    """
    start = torch.full_like(batch.target[:, :1], Vocabulary().sos)
    inputs = torch.cat((start, batch.target[:, :-1]), dim=1)
    return token_loss(_logits(model, batch.source, inputs), batch.target, batch.real)


def _logits(model: nn.Module, source: Tensor, inputs: Tensor) -> Tensor:
    result = model(source, inputs)
    logits: Tensor = result[0] if isinstance(result, (tuple, list)) else result
    return logits


def greedy(step: Callable[[Tensor, Tensor], Tensor], source: Tensor, start: int, stop: int, max_length: int) -> Tensor:
    """The likeliest next token, again and again: (b, at most max_length) int64, without `start`.

    step: (source (b, S), written (b, t), which begins with `start`) -> scores (b, V) of the token after `written`.
    A row that has written `stop` gets nothing but `stop` from then on; when all rows have, writing ends.
    """
    written = torch.full_like(source[:, :1], start)
    done = torch.zeros_like(written, dtype=torch.bool)
    for _ in range(max_length):
        choice = step(source, written).argmax(dim=-1, keepdim=True).masked_fill(done, stop)
        written = torch.cat((written, choice), dim=1)
        done = choice == stop
        if bool(done.all()):
            break
    return written[:, 1:]


def translate(model: nn.Module, words: Sequence[str], vocabulary: Vocabulary, max_length: int = 20) -> list[str]:
    """Greedy translations of `words` by an encoder-decoder (see `translation_loss`), in the order of `words`.

    The model is asked in evaluation mode, without gradients, on the device of its parameters.
    """

    def step(source: Tensor, written: Tensor) -> Tensor:
        return _logits(model, source, written)[:, -1]

    def write(source: Tensor) -> Tensor:
        return greedy(step, source, vocabulary.sos, vocabulary.eos, max_length)

    return translate_by(write, model, words, vocabulary, end=vocabulary.eos)


def translate_by(
    write: Callable[[Tensor], Tensor], model: nn.Module, words: Sequence[str], vocabulary: Vocabulary, end: int
) -> list[str]:
    """Translations of `words`, in their order, by a model of any kind in evaluation mode.

    write: source (b, S) int64 with `end` after the letters, words of one length at a time -> ids (b, t).
    """
    device = next((parameter.device for parameter in model.parameters()), torch.device("cpu"))
    by_length: dict[int, list[int]] = defaultdict(list)
    for place, word in enumerate(words):
        by_length[len(word)].append(place)
    out = [""] * len(words)
    was_training = model.training
    model.eval()
    with torch.no_grad():
        for places in by_length.values():
            ids = [[*vocabulary.encode(words[place]), end] for place in places]
            for place, row in zip(places, write(torch.tensor(ids, device=device)).tolist(), strict=True):
                out[place] = vocabulary.decode(row)
    model.train(was_training)
    return out


def exact_match(guesses: Sequence[str], truths: Sequence[str]) -> float:
    """The share of words that are right in every letter; 0 for no words. Raises ValueError when lengths differ."""
    if len(guesses) != len(truths):
        raise ValueError(f"{len(guesses)} translations cannot be compared with {len(truths)} words")
    return sum(guess == truth for guess, truth in zip(guesses, truths, strict=True)) / max(1, len(truths))


def unigram_loss(pairs: Pairs) -> float:
    """The baseline that knows nothing of the source: nats per validation token (EOS counts as one) when each token
    is predicted by how often it occurs in the training translations, every token counted once more than it does."""
    signs = [*_TEXT, *vocabulary_of(pairs).more, "<EOS>"]
    seen = Counter(token for _, translation in pairs.train for token in [*translation, "<EOS>"])
    total = sum(seen.values()) + len(signs)
    costs = {sign: -math.log((seen[sign] + 1) / total) for sign in signs}
    asked = [token for _, translation in pairs.validation for token in [*translation, "<EOS>"]]
    return sum(costs[token] for token in asked) / len(asked)
