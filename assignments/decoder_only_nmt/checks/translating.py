"""Hidden checks: the loss over the translations, greedy decoding, and measuring (s001-2.2.3a-loss, s001-2.2.3a-write).

The model is the notebook's toy, with tables of ours: whether the student's own forward pass is right plays no part.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, one_hot, pad

from autograder.judge import Draw, Feedback, Handle, Student, check, expect

from . import cases
from . import reference as ref

SOS, EOS, EOP, V = cases.SOS, cases.EOS, cases.EOP, cases.V


class Spoken(NamedTuple):
    """Logits over whole sequences, with what should have been said."""

    logits: Tensor
    targets: Tensor
    S: int
    real: Tensor

    def want(self) -> tuple[float, int]:
        """(sum, count) over the real tokens of the translations."""
        costs = cross_entropy(self.logits.double().transpose(1, 2), self.targets, reduction="none")[:, self.S :]
        return float(costs[self.real].sum()), int(self.real.sum())


def spoken(draw: Draw, b: int = 3, S: int = 4, T: int = 6) -> Spoken:
    """Generic logits; translations of different lengths, padded with EOS. The first is not the longest, and has an "a":
    its id, 0, may be somebody's sign for padding."""
    lengths = [draw.integer(2, max(2, T - 1)) for _ in range(b)]
    lengths[min(1, b - 1)] = T
    source = torch.tensor([[draw.integer(0, 25) for _ in range(S - 1)] + [EOP] for _ in range(b)])
    target = torch.tensor([[draw.integer(0, 25) for _ in range(n - 1)] + [EOS] * (T - n + 1) for n in lengths])
    target[0, 0] = 0 if T > 1 else EOS
    real = torch.arange(T) < torch.tensor(lengths)[:, None]
    return Spoken(draw.tensor(b, S + T, V, scale=2.0), torch.cat([source, target], 1), S, real)


def span_loss(student: Student, case: Spoken) -> tuple[float, int]:
    """The student's (sum, number)."""
    return pair_of_numbers(student.target_span_loss(*case), "target_span_loss")


def pair_of_numbers(got: Any, name: str = "decoder_loss") -> tuple[float, int]:
    """The sum and the number that one of the two functions returns."""
    is_pair = isinstance(got, (tuple, list)) and len(got) == 2
    expect.true(is_pair, f"{name} should return a pair: the sum, and the number.")
    total = expect.number(got[0], what="the loss")
    number = expect.number(got[1], what="the number of tokens")
    return total, int(number)


@check(item="s001-2.2.3a-loss", points=2)
def the_source_costs_nothing(student: Student, draw: Draw) -> None:
    """Neither what the model says inside the source nor what stands there changes the loss or the count."""
    case = spoken(draw)
    before = span_loss(student, case)
    logits, targets = case.logits.clone(), case.targets.clone()
    logits[:, : case.S] = draw.tensor(3, case.S, V, scale=3.0)
    targets[:, : case.S - 1] = (targets[:, : case.S - 1] + 5) % 26
    after = span_loss(student, case._replace(logits=logits, targets=targets))
    hint = "leave out the first n_source positions of logits and targets alike"
    expect.same(before[0], after[0], what="the loss, when the source says something else,", hint=hint)
    expect.true(before[1] == after[1], "The number of tokens changes with the source.", hint)
    expect.true(before[0] > 0 and before[1] > 0, "Nothing is counted at all.")


@check(item="s001-2.2.3a-loss", points=2)
def the_whole_translation_counts(student: Student, draw: Draw) -> None:
    """Each real token of the translation counts, from its first letter to its EOS: the loss moves with each."""
    case = spoken(draw)
    before = span_loss(student, case)[0]
    ends = case.real.sum(1) - 1
    for row in range(3):
        for place, what in ((0, "first letter"), (1, "second letter"), (int(ends[row]), "EOS")):
            logits = case.logits.clone()
            token = int(case.targets[row, case.S + place])
            logits[row, case.S + place, token] -= 4.0
            moved = case._replace(logits=logits)
            hint = "the first letter stands at index n_source of logits and targets: it is said where EOP is read"
            got = span_loss(student, moved)[0]
            expect.true(abs(got - before) > 1e-6, f"The {what} of a translation does not count in the loss.", hint)


@check(item="s001-2.2.3a-loss", points=1)
def padding_costs_nothing(student: Student, draw: Draw) -> None:
    """What the model says after a word has ended changes nothing, and padding is not counted."""
    case = spoken(draw)
    before = span_loss(student, case)
    logits = case.logits.clone()
    logits[:, case.S :][~case.real] = draw.tensor(int((~case.real).sum()), V, scale=5.0)
    after = span_loss(student, case._replace(logits=logits))
    hint = "`real` is False where a translation has ended"
    expect.same(before[0], after[0], what="the loss, when the padding says something else,", hint=hint)
    expect.true(before[1] == int(case.real.sum()), "The number of tokens is not the number of real ones.", hint)


@check(item="s001-2.2.3a-loss", points=1)
def loss_is_a_sum_with_its_count(student: Student, draw: Draw) -> None:
    """The loss is the sum of the cross-entropies in nats, for batches of any shape and logits of any size, 0 included,
    beside the number of tokens; the arguments stay as they were."""
    for b, S, T in ((3, 4, 6), (5, 2, 9)):
        case = spoken(draw, b, S, T)
        case.logits[:, :, ::7] = 0.0  # a logit like any other
        total, number = span_loss(student, case)
        after = student.with_inputs("target_span_loss", *case)[1]
        expect.unharmed([case.logits, case.targets, case.real], [after[0], after[1], after[3]], what="an argument")
        want = case.want()
        hint = "a sum over tokens, not a mean; the logits of position i belong to target i, for nothing is shifted here"
        expect.close(total, want[0], what=f"the loss of {b} word(s)", rtol=1e-5, hint=hint)
        counted = expect.number(number, what="the number of tokens")
        told = "letters of the translations and one EOS each"
        expect.true(counted == want[1], "The number of tokens is wrong.", told)
    case = spoken(draw)
    case = case._replace(logits=400 * case.logits)  # the exponentials are no float64 any more
    got = expect.array(span_loss(student, case)[0], what="the loss")
    hint = "logarithm and softmax in one step (log_softmax, cross_entropy): a probability may be too small for a float"
    expect.close(got.reshape(()), case.want()[0], what="the loss for large logits", rtol=1e-5, hint=hint)


@check(item="s001-2.2.3a-loss", points=1)
def gradient_reaches_what_counts(student: Student, draw: Draw) -> None:
    """The loss can be differentiated: probabilities minus one-hot where it counts, zero elsewhere."""
    case = spoken(draw)
    outputs, gradients = student.vjp("target_span_loss", list(case), [torch.tensor(1.0), None])
    expect.true(len(outputs) == 2, "target_span_loss should return a pair: the sum, and the number.")
    got = gradients[0]
    expect.true(got is not None, "No gradient reaches the logits.", "return the sum as a tensor, not as a float")
    want = torch.softmax(case.logits, -1) - one_hot(case.targets, V).double()
    counts = pad(case.real, (case.S, 0), value=False)
    hint = "the gradient lives at the real tokens of the translations only"
    expect.close(got, want * counts[..., None], what="the gradient at the logits", rtol=1e-5, hint=hint)


def toy_of(student: Student, table: Tensor) -> Handle:
    """The notebook's toy with this table."""
    made = student.ToyTranslator(table)
    if not isinstance(made, Handle):
        raise Feedback("ToyTranslator(...) gives no model: put the given cell back as it was.")
    return made


def training_loss_is_right(student: Student, draw: Draw, with_prefix: bool) -> None:
    batches = [(3, 4, 6, 1.0), (2, 6, 3, 1.0), (4, 3, 6, 1.0)]
    if not with_prefix:  # once is enough: a batch as large as the one before, and a model that is very sure of itself
        batches += [(4, 3, 6, 50.0)]
    table = draw.tensor(V, V)
    for b, S, T, scale in batches:
        toy, model = toy_of(student, scale * table), ref.toy_with(scale * table)
        case = spoken(draw, b, S, T)
        source, target = case.targets[:, :S], case.targets[:, S:]
        got, after = student.with_inputs("decoder_loss", toy, source, target, case.real, prefix=with_prefix)
        if with_prefix:  # once is enough
            expect.unharmed([source, target, case.real], after[1:], what="an argument of decoder_loss")
        total, number = pair_of_numbers(got)
        want = ref.teacher_forced(model, source, target, case.real, SOS, with_prefix)
        hint = (
            "the prefix is SOS, source and EOP, one token more than n_source; the rest are letters that are read"
            if with_prefix
            else "SOS in front, the shift, the causal mask, the span of the translation: which one is off?"
        )
        expect.close(total, want[0], what="the loss of a batch", rtol=1e-5, hint=hint)
        expect.true(number == want[1], "The number of tokens is wrong.")


@check(item="s001-2.2.3a-loss", points=2)
def causal_training_loss_fits_together(student: Student, draw: Draw) -> None:
    """decoder_loss under the causal mask: the right sequences, the right mask, the right span, for each batch anew."""
    training_loss_is_right(student, draw, with_prefix=False)


@check(item="s001-2.2.3a-loss", points=1)
def prefix_training_loss_fits_together(student: Student, draw: Draw) -> None:
    """decoder_loss with a prefix: SOS, source and EOP see one another, and nothing of the translation."""
    training_loss_is_right(student, draw, with_prefix=True)


@check(item="s001-2.2.3a-loss", points=1)
def smallest_batches_have_a_loss(student: Student, draw: Draw) -> None:
    """One word alone, a source that is nothing but EOP, a translation that is nothing but EOS: each has its loss, and a
    word that stands there twice has it twice."""
    toy = toy_of(student, draw.tensor(V, V))
    for S, T in ((7, 3), (1, 4), (4, 1), (1, 1)):
        one = spoken(draw, 1, S, T)
        logits, targets, real = (torch.cat([part, part]) for part in (one.logits, one.targets, one.real))
        two = Spoken(logits, targets, S, real)
        _doubles(span_loss(student, one), span_loss(student, two))
        for way in (False, True):
            once, twice = (
                student.decoder_loss(toy, case.targets[:, :S], case.targets[:, S:], case.real, prefix=way)
                for case in (one, two)
            )
            _doubles(pair_of_numbers(once), pair_of_numbers(twice))


def _doubles(once: tuple[float, float], twice: tuple[float, float]) -> None:
    """Whether the sum should be a mean is another check's business: a mean stays what it is."""
    hint = "an axis of size 1 is an axis, too: does something vanish or spread where there is one word, or one token?"
    expect.true(once[0] > 0 and once[1] > 0, "Of the smallest batches nothing counts.", hint)
    grown = [min(abs(b - factor * a) for factor in (1, 2)) <= 1e-5 * a for a, b in zip(once, twice, strict=True)]
    expect.true(all(grown), "A word alone has another loss than it has beside its double.", hint)


# --- writing ---------------------------------------------------------------------------------------------------------


def written(
    student: Student, toy: Handle, source: Tensor, limit: int, with_prefix: bool = False, signs: Any = (SOS, EOS)
) -> Any:
    """What the student's decoder writes, as an array of ids (b, t)."""
    got = student.greedy_decode(toy, source, *signs, limit, prefix=with_prefix)
    ids = expect.array(got, what="what greedy_decode returns")
    expect.true(
        ids.ndim == 2 and len(ids) == len(source),
        f"greedy_decode returns another number of rows, or of axes, for {len(source)} words.",
        "one row of tokens per word",
    )
    return ids.astype(int)


def rows_of(ids: Any) -> list[list[int]]:
    return [ref.until(row, EOS) for row in ids.tolist()]


@check(item="s001-2.2.3a-write", points=2)
def greedy_takes_the_likeliest_token(student: Student, draw: Draw) -> None:
    """The first token written is the likeliest one after EOP, and nothing that was given comes back."""
    for S in (3, 6):
        case = cases.script(draw, 4, S, 12)
        ids = written(student, toy_of(student, case.table), case.source, 12)
        expect.true(ids.shape[1] > 0, "Nothing is written.")
        first = [row[0] for row in case.rows]
        hint = "read SOS, source and EOP; ask at the last position; return new tokens only"
        expect.true(ids[:, 0].tolist() == first, "The first token that is written is not the likeliest.", hint)


@check(item="s001-2.2.3a-write", points=2)
def greedy_reads_its_own_writing(student: Student, draw: Draw) -> None:
    """Each further token is the likeliest after everything read and written so far."""
    for b, S in ((5, 4), (3, 7)):
        case = cases.script(draw, b, S, 14)
        ids = written(student, toy_of(student, case.table), case.source, 14)
        hint = "append each token to what is read, and ask at the last position again"
        for mine, ours in zip(rows_of(ids), case.rows, strict=True):
            shared = max(min(len(mine), len(ours)), min(3, len(ours)))  # where a word ends is another check's business
            expect.true(mine[:shared] == ours[:shared], "What is written is not what greedy decoding writes.", hint)


@check(item="s001-2.2.3a-write", points=1)
def greedy_obeys_the_prefix_mask(student: Student, draw: Draw) -> None:
    """With prefix=True, SOS, source and EOP see one another, and this shows in what is written."""
    for b, S in ((4, 5), (3, 3)):
        case = cases.script(draw, b, S, 12, with_prefix=True)
        ids = written(student, toy_of(student, case.table), case.source, 12, with_prefix=True)
        hint = "the prefix has S + 1 tokens at each step; the tokens that were written are the rest"
        expect.true(rows_of(ids) == case.rows, "With the prefix mask something else is written.", hint)


@check(item="s001-2.2.3a-write", points=2)
def each_word_ends_on_its_own(student: Student, draw: Draw) -> None:
    """Words of a batch end at different times: each is whole, and writing stops when the last has ended."""
    case = cases.script(draw, 6, 5, 16)
    ids = written(student, toy_of(student, case.table), case.source, 16)
    mine, lengths = rows_of(ids), [len(row) for row in case.rows]
    ended = [EOS in row for row in mine]
    expect.true(all(ended), "Not every word of a batch is written to its end.", "go on until *all* words have said EOS")
    expect.true([len(row) for row in mine] == lengths, "A word of a batch ends too early or too late.")
    expect.true(
        ids.shape[1] == max(lengths),
        "Writing goes on though every word has ended.",
        "words end at different times: remember which have said EOS, and stop as soon as all have",
    )
    signs = EOS, SOS  # the two change places
    other = cases.script(draw, 4, 4, 16, signs=signs)
    ids = written(student, toy_of(student, other.table), other.source, 16, signs=signs)
    hint = "which token starts and which one ends comes as an argument"
    rows = [ref.until(row, SOS) for row in ids.tolist()]
    expect.true(rows == other.rows, "With another start_token and end_token something else is written.", hint)


@check(item="s001-2.2.3a-write", points=1)
def writing_stops_at_the_limit(student: Student, draw: Draw) -> None:
    """A model that never says EOS writes exactly max_length tokens, integers all, and leaves the source as it was."""
    for limit in (1, 5, 9):
        case = cases.script(draw, 3, 4, limit, ends=False) if limit > 1 else cases.script(draw, 3, 4, 5, ends=False)
        ids = written(student, toy_of(student, case.table), case.source, limit)
        hint = "max_length counts the tokens that are written, not those that are read"
        expect.true(ids.shape[1] == limit, f"With max_length {limit}, another number of tokens is written.", hint)
        expect.true(
            ids.tolist() == [row[:limit] for row in case.rows], "What is written up to the limit is wrong.", hint
        )
        toy = toy_of(student, case.table)
        got, after = student.with_inputs("greedy_decode", toy, case.source, SOS, EOS, limit)
        expect.true(len(after) > 1, "The arguments do not come back.")
        expect.unharmed(case.source, after[1], what="the source")
        hint = "what is written is read again, by an embedding: tokens are int64"
        expect.dtype(got, case.source, what="what greedy_decode returns", hint=hint)


# --- measuring -------------------------------------------------------------------------------------------------------


def results_of(student: Student, case: Any, with_prefix: bool) -> dict[str, float]:
    got = student.measure(toy_of(student, case.table), case.pairs, prefix=with_prefix)
    complete = isinstance(got, dict) and set(got) == {"loss", "exact"}
    expect.true(complete, "measure should return a dict with the keys loss and exact.")
    return {key: expect.number(value, what=f"{key} in what measure returns") for key, value in got.items()}


@check(item="s001-2.2.3a-write", points=2)
def measured_loss_is_per_token(student: Student, draw: Draw) -> None:
    """The loss is the sum over all real tokens divided by their number, however the words are cut into batches; the
    list of words stays as it was."""
    for with_prefix in (False, True):
        case = cases.exam(draw, with_prefix)
        got = results_of(student, case, with_prefix)["loss"]
        hint = "one division at the very end; the sources end in EOP; prefix is passed on"
        expect.close(got, case.loss, what="the loss that measure returns", rtol=1e-4, hint=hint)
    after = student.with_inputs("measure", toy_of(student, case.table), case.pairs)[1]
    expect.unharmed(case.pairs, after[1], what="the list of words")


@check(item="s001-2.2.3a-write", points=1)
def a_single_word_is_a_batch_too(student: Student, draw: Draw) -> None:
    """A word alone is written as it is beside others, and measured as it is beside its double."""
    hint = "an axis of size 1 is an axis, too: does something vanish where there is one word?"
    script = cases.script(draw, 6, 5, 16)
    toy = toy_of(student, script.table)
    alone, together = (written(student, toy, source, 16) for source in (script.source[2:3], script.source))
    same = ref.until(alone.tolist()[0], EOS) == ref.until(together.tolist()[2], EOS)
    expect.true(same, "A word alone is not written as in its batch.", hint)
    case = cases.exam(draw, False)
    once, twice = (results_of(student, case._replace(pairs=case.pairs[:1] * n), False) for n in (1, 2))
    for key in ("loss", "exact"):
        expect.same(once[key], twice[key], what=f"{key} of a word, alone or twice,", rtol=1e-5, hint=hint)


@check(item="s001-2.2.3a-write", points=2)
def measured_words_are_written_by_the_model(student: Student, draw: Draw) -> None:
    """exact is the share of words that the model, reading its own letters, writes right from the first to the last."""
    for with_prefix in (False, True):
        case = cases.exam(draw, with_prefix)
        got = results_of(student, case, with_prefix)["exact"]
        hint = "whole words up to their EOS, of the word they belong to, as a share from 0 to 1; the share of letters "
        hint += "that would have been right after true ones is another number"
        expect.close(got, case.exact, what="the share of words that measure returns", rtol=1e-6, hint=hint)
    for ends in (True, False):
        case = cases.longest(ends)
        got = results_of(student, case, False)["exact"]
        hint = "a translation may take MAX_TRANSLATION tokens, EOS included, however long its word is"
        what = "the share of right words where one is as long as it may be"
        expect.close(got, case.exact, what=what if ends else what + " and EOS does not come", hint=hint)
