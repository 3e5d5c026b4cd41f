"""Tensors from words, losses that count tokens, and greedy translation."""

from __future__ import annotations

import math
from collections import Counter

import pytest
import torch
from seq2kit.translation import translate as tr
from seq2kit.translation.piglatin import Pairs, load_pairs, pig_latin
from torch import Tensor, nn

V = tr.Vocabulary()
WORDS = ["pig", "eye", "string", "apple", "yes", "orange", "squad", "queen", "it", "by", "latin", "school"]
PAIRS = [(word, pig_latin(word)) for word in WORDS]


def spelled(batches: list[tr.Batch]) -> list[tuple[str, str]]:
    return [
        (V.decode(source), V.decode(target))
        for batch in batches
        for source, target in zip(batch.source, batch.target, strict=True)
    ]


class Knowing(nn.Module):
    """Knows Pig Latin by heart: all weight on the right token, whatever was written before."""

    def __init__(self, sharpness: float = 50.0) -> None:
        super().__init__()
        self.sharpness = nn.Parameter(torch.tensor(sharpness))
        self.asked: list[tuple[int, ...]] = []
        self.modes: set[bool] = set()
        self.inputs: list[Tensor] = []

    def forward(self, source: Tensor, inputs: Tensor) -> tuple[Tensor, list[Tensor]]:
        self.asked.append((*source.shape, inputs.shape[1]))
        self.modes.add(self.training)
        self.inputs.append(inputs)
        answers = [V.encode(pig_latin(V.decode(row))) for row in source]
        width = inputs.shape[1]
        rows = [(answer + [V.eos] * width)[:width] for answer in answers]
        return nn.functional.one_hot(torch.tensor(rows), len(V)) * self.sharpness, []


def test_the_vocabulary_has_thirty_tokens_and_spells_both_ways() -> None:
    """a-z, the hyphen and three signs have the ids 0 to 29, and text survives encoding and decoding."""
    assert len(V) == 30
    assert V.encode("az-") == [0, 25, 26]
    assert (V.sos, V.eos, V.eop) == (27, 28, 29)
    assert V.decode(V.encode("well-off")) == "well-off"
    assert V.encode("") == []
    assert V.decode([]) == ""


def test_decoding_stops_at_the_first_end() -> None:
    """What follows EOS is not read, other signs are spelled out, and a tensor is as good as a list."""
    assert V.decode([*V.encode("ab"), V.eos, *V.encode("cd"), V.eos]) == "ab"
    assert V.decode([V.sos, 0, V.eop]) == "<SOS>a<EOP>"
    assert V.decode(torch.tensor([2, 0, 1, 28, 29])) == "cab"


def test_what_has_no_token_is_named() -> None:
    """Characters and ids outside the vocabulary raise ValueError and are named."""
    with pytest.raises(ValueError, match="'É'"):
        V.encode("cafÉ")
    for bad in (30, -1):
        with pytest.raises(ValueError, match=f"^{bad} is no id"):
            V.decode([0, bad])


def test_every_pair_is_in_one_batch() -> None:
    """Batches hold every pair once, shuffled or not, never more than asked."""
    want = Counter(PAIRS)
    for generator in (None, torch.Generator().manual_seed(3)):
        for size in (1, 2, 3, 100):
            got = tr.batches(PAIRS, V, size, generator)
            assert Counter(spelled(got)) == want
            assert max(len(batch.source) for batch in got) <= size


def test_sources_of_a_batch_have_one_length_and_one_end() -> None:
    """No source is padded: the end sign, EOS or the one asked for, stands once, at the end of each row."""
    for end in (None, V.eop):
        for batch in tr.batches(PAIRS, V, 4, torch.Generator().manual_seed(0), end=end):
            assert batch.source.dtype == torch.int64
            assert (batch.source[:, -1] == (V.eos if end is None else V.eop)).all()
            assert (batch.source[:, :-1] < 26).all()


def test_targets_end_and_say_what_counts() -> None:
    """Targets are letters, EOS, then EOS as padding; `real` is True up to the first EOS, and no column is idle."""
    padded = 0
    for batch in tr.batches(PAIRS, V, 4):
        assert batch.target.shape == batch.real.shape
        assert batch.target.dtype == torch.int64
        assert batch.real.dtype == torch.bool
        for row, real in zip(batch.target.tolist(), batch.real.tolist(), strict=True):
            first = row.index(V.eos)
            assert set(row[first:]) == {V.eos}
            assert real == [place <= first for place in range(len(row))]
            padded += len(row) - first - 1
        assert batch.real[:, -1].any()
    assert padded > 0


def test_shuffling_depends_on_the_generator_alone() -> None:
    """Equal seeds give equal batches; another draw gives other words together, in another order of batches."""
    # of these lengths there are far more words than one batch holds
    pairs = [pair for pair in load_pairs("small").validation if 6 <= len(pair[0]) <= 8]
    plain, again = (spelled(tr.batches(pairs, V, 16)) for _ in range(2))
    one, same = (spelled(tr.batches(pairs, V, 16, torch.Generator().manual_seed(5))) for _ in range(2))
    generator = torch.Generator().manual_seed(5)
    first, second = (tr.batches(pairs, V, 16, generator) for _ in range(2))
    assert plain == again
    assert one == same == spelled(first) != spelled(second)
    lengths = [batch.source.shape[1] for batch in first]
    assert lengths != sorted(lengths)
    together = [{frozenset(spelled([batch])) for batch in found} for found in (first, second)]
    assert not together[0] & together[1]


def test_words_of_a_length_are_shared_out_evenly() -> None:
    """Of nine words of one length, batches of at most four hold three each, and no last one is tiny."""
    words = [("abcdefghi"[n] * 3, "x") for n in range(9)]
    assert [len(batch.source) for batch in tr.batches(words, V, 4)] == [3, 3, 3]


def test_batches_of_nothing_and_of_no_size() -> None:
    """No pairs give no batches; a size below one raises ValueError."""
    assert tr.batches([], V, 4) == []
    with pytest.raises(ValueError, match="at least one word"):
        tr.batches(PAIRS, V, 0)


def test_the_loss_is_a_sum_over_real_tokens() -> None:
    """Sum and number are those of -log softmax at the real targets; padding changes neither value nor gradient."""
    torch.manual_seed(0)
    logits = torch.randn(2, 5, 7, dtype=torch.float64, requires_grad=True)
    target = torch.tensor([[3, 1, 6, 6, 6], [2, 0, 4, 5, 6]])
    real = torch.tensor([[True] * 3 + [False] * 2, [True] * 5])
    total, count = tr.token_loss(logits, target, real)
    logs = logits.log_softmax(-1)
    want = -sum(logs[b, t, target[b, t]].item() for b in range(2) for t in range(5) if real[b, t])
    assert count == 8
    assert total.item() == pytest.approx(want)
    total.backward()
    assert logits.grad is not None
    assert (logits.grad[0, 3:] == 0).all()
    assert (logits.grad[real].abs().sum(-1) > 0).all()


def test_teacher_forcing_shifts_the_target() -> None:
    """The model is asked with SOS and the target but for its last token; its loss counts the real tokens."""
    batch = next(batch for batch in tr.batches(PAIRS, V, 4) if not batch.real.all())
    model = Knowing()
    total, count = tr.translation_loss(model, batch)
    assert count == int(batch.real.sum())
    assert total.item() == pytest.approx(0.0, abs=1e-6)
    (inputs,) = model.inputs
    assert (inputs[:, 0] == V.sos).all()
    assert torch.equal(inputs[:, 1:], batch.target[:, :-1])


def test_a_model_that_knows_nothing_pays_for_every_token() -> None:
    """Equal scores for all tokens cost log 30 per token, whether the model returns logits alone or a tuple."""

    class Flat(nn.Module):
        def forward(self, source: Tensor, inputs: Tensor) -> Tensor:
            return torch.zeros(*inputs.shape, len(V))

    for batch in tr.batches(PAIRS, V, 3):
        total, count = tr.translation_loss(Flat(), batch)
        assert total.item() / count == pytest.approx(math.log(30))
        assert tr.translation_loss(Knowing(0.0), batch)[0].item() == pytest.approx(total.item())


def test_greedy_writes_the_likeliest_token_until_all_rows_stop() -> None:
    """Each row gets the argmax of its step, nothing but `stop` once it stopped, and writing ends with the last row."""
    plan = torch.tensor([[4, 9, 5, 7, 6], [9, 5, 5, 5, 5], [5, 5, 9, 5, 5]])
    seen: list[list[int]] = []

    def step(source: Tensor, written: Tensor) -> Tensor:
        seen.append(written[0].tolist())
        return nn.functional.one_hot(plan[:, written.shape[1] - 1], 12).double()

    got = tr.greedy(step, torch.zeros(3, 2, dtype=torch.int64), start=11, stop=9, max_length=5)
    assert got.tolist() == [[4, 9, 9], [9, 9, 9], [5, 5, 9]]
    assert seen == [[11], [11, 4], [11, 4, 9]]


def test_greedy_has_a_longest_length() -> None:
    """A model that never stops is stopped; length 0 gives empty rows."""
    source = torch.zeros(2, 3, dtype=torch.int64)

    def step(source: Tensor, written: Tensor) -> Tensor:
        return torch.tensor([0.0, 1.0]).expand(len(source), 2)

    assert tr.greedy(step, source, start=0, stop=0, max_length=4).tolist() == [[1] * 4] * 2
    assert tr.greedy(step, source, start=0, stop=0, max_length=0).shape == (2, 0)


def test_translate_answers_in_the_order_of_the_words() -> None:
    """Words of all lengths come back in their order, asked in one batch per length, in evaluation mode."""
    model = Knowing()
    model.train()
    assert tr.translate(model, [*WORDS, "pig"], V) == [pig_latin(word) for word in [*WORDS, "pig"]]
    assert model.modes == {False}
    assert model.training
    assert {source for _, source, _ in model.asked} == {len(word) + 1 for word in WORDS}
    assert (4, 4, 1) in model.asked  # pig, eye, yes and pig again, at the first letter
    assert tr.translate(model, [], V) == []


def test_translate_cuts_what_does_not_end() -> None:
    """A translation longer than `max_length` is cut there."""
    assert tr.translate(Knowing(), ["string"], V, max_length=3) == ["ing"]


def test_other_models_translate_by_their_own_writer() -> None:
    """`translate_by` gives the writer sources with the end sign it wants, one length at a time, without gradients."""
    asked: list[Tensor] = []

    def write(source: Tensor) -> Tensor:
        assert not torch.is_grad_enabled()
        asked.append(source)
        return source.flip(1)[:, 1:]

    assert tr.translate_by(write, nn.Linear(1, 1), ["ab", "cde", "fg"], V, end=V.eop) == ["ba", "edc", "gf"]
    assert [rows[:, -1].tolist() for rows in asked] == [[V.eop] * 2, [V.eop]]


def test_exact_match_counts_whole_words() -> None:
    """One wrong letter makes a word wrong; lists of different lengths are refused."""
    assert tr.exact_match(["ab", "cd", "ef", ""], ["ab", "ce", "ef", "x"]) == 0.5
    assert tr.exact_match([], []) == 0.0
    with pytest.raises(ValueError, match="1 translations cannot be compared with 2 words"):
        tr.exact_match(["a"], ["a", "b"])


def test_the_unigram_baseline_is_a_cross_entropy() -> None:
    """Letter frequencies of the training part, one added to each, price the validation part; EOS is a token."""
    pairs = Pairs(train=(("x", "aab"),), validation=(("y", "ac"),))
    a, c, end = (2 + 1) / (4 + 28), 1 / (4 + 28), (1 + 1) / (4 + 28)
    assert tr.unigram_loss(pairs) == pytest.approx(-(math.log(a) + math.log(c) + math.log(end)) / 3)


def test_the_unigram_baseline_of_the_course() -> None:
    """On the words of the course the baseline lies below equal chances and far above zero."""
    assert 2.5 < tr.unigram_loss(load_pairs("small")) < math.log(30)
