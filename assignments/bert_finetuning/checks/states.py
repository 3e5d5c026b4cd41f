"""Hidden checks: differences of two states (s004-1.14), scoring with and starting from BERT (s004-1.11)."""

from __future__ import annotations

from typing import Any, cast

import torch
from seq2kit.bert import models as bert_models
from transformers import BertConfig, BertForMaskedLM

from autograder.judge import Draw, Feedback, Handle, Student, check, expect

from . import freezing
from . import reference as ref

KINDS = ("changed", "added", "removed", "unchanged")
State = dict[str, torch.Tensor]

# --- s004-1.14 -------------------------------------------------------------------


def compared(student: Student, before: State, after: State, wanted: dict[str, set[str]], keys: Any, hint: str) -> None:
    """The student's diff agrees with `wanted` on these kinds, and has all four."""
    got, given = student.with_inputs("diff", before, after)
    expect.unharmed([before, after], given, what="a state that diff got")
    if not isinstance(got, dict) or set(got) != set(KINDS):
        raise Feedback("diff does not return a dict with the four kinds changed, added, removed, unchanged.")
    for kind in keys:
        names = got[kind]
        if not isinstance(names, (set, frozenset, list, tuple)) or not all(isinstance(name, str) for name in names):
            raise Feedback(f"The entry {kind!r} is no set of names.")
        expect.true(len(names) == len(set(names)), f"A name stands twice under {kind!r}.")
        expect.true(set(names) == wanted[kind], f"The names under {kind!r} are wrong.", hint, f"{sorted(names)}")


def example(draw: Draw) -> tuple[State, State, dict[str, set[str]]]:
    """Two states in different orders: most names shared, two lost, three new, some changed a little."""
    names = [f"encoder.{k}.weight" for k in range(8)]
    before = {name: draw.tensor(3, 2 + k) for k, name in enumerate(names)}
    before[names[2]] = draw.tensor(3, 3)  # of the shape of names[1], which changes
    before[names[4]] = (10 * before[names[4]]).round() + torch.arange(3.0).unsqueeze(1)  # sums and norms are exact
    before["steps"], before["seen"] = torch.tensor(2**60), torch.tensor([2**60])  # more digits than a float has
    after = {name: value.clone() for name, value in reversed(before.items())}
    after[names[1]][1, 0] += 1e-12
    after["steps"] += 1
    after[names[4]] = after[names[4]].flip(0)
    for name in names[6:]:
        del after[name]
    for name in ("classifier.weight", "classifier.bias", "encoder.9.weight"):
        after[name] = draw.tensor(3, 2)
    after["encoder.9.weight"] = before[names[6]].clone()
    wanted = {
        "changed": {names[1], names[4], "steps"},
        "added": {"classifier.weight", "classifier.bias", "encoder.9.weight"},
        "removed": set(names[6:]),
        "unchanged": {names[0], names[2], names[3], names[5], "seen"},
    }
    return before, after, wanted


@check(item="s004-1.14")
def new_and_lost_names_are_told_apart(student: Student, draw: Draw) -> None:
    """added are the names of the second state alone, removed of the first alone; a renamed tensor is both."""
    before, after, wanted = example(draw)
    hint = "names decide: what only one side has is added or removed, and neither changed nor unchanged"
    compared(student, before, after, wanted, ("added", "removed"), hint)
    back = {**wanted, "added": wanted["removed"], "removed": wanted["added"]}
    compared(student, after, before, back, ("added", "removed"), hint)
    compared(student, {}, before, {"added": set(before), "removed": set()}, ("added", "removed"), hint)
    compared(student, before, {}, {"added": set(), "removed": set(before)}, ("added", "removed"), hint)


@check(item="s004-1.14", points=2)
def changed_means_other_numbers(student: Student, draw: Draw) -> None:
    """A shared tensor is changed if any number differs, were it by a last digit or by its place, else unchanged."""
    before, after, wanted = example(draw)
    hint = "compare number by number and exactly: no tolerance, no sum or mean of the tensor, no identity of objects"
    compared(student, before, after, wanted, ("changed", "unchanged"), hint)
    one, other = "encoder.0.weight", "encoder.1.weight"  # as many names, and another one has changed
    turned = {**after, one: after[one].flip(0), other: before[other].clone()}
    swapped = {"changed": wanted["changed"] ^ {one, other}, "unchanged": wanted["unchanged"] ^ {one, other}}
    compared(student, before, turned, swapped, ("changed", "unchanged"), hint)


@check(item="s004-1.14")
def shape_and_dtype_count_as_changes(student: Student, draw: Draw) -> None:
    """The same numbers in another shape or another dtype are a change, also where they would broadcast."""
    whole = torch.tensor([[1.0, 2.0, 3.0, 4.0]])
    before = {"a": whole, "b": torch.ones(4), "c": torch.ones(1), "d": whole.clone(), "e": torch.arange(3)}
    before["f"] = whole
    after = {
        "a": whole.reshape(2, 2),
        "b": torch.ones(4, dtype=torch.float64),
        "c": torch.ones(5),
        "d": whole.clone(),
        "e": torch.arange(3).int(),
        "f": whole[0],
    }
    wanted = {"changed": {"a", "b", "c", "e", "f"}, "unchanged": {"d"}}
    compared(student, before, after, wanted, ("changed", "unchanged"), "compare shape and dtype before the numbers")


@check(item="s004-1.14")
def identical_states_have_no_difference(student: Student, draw: Draw) -> None:
    """A state and its copy, in whatever order, have no changed, added or removed name."""
    before = {f"layer.{k}": draw.tensor(2, 3) for k in range(5)}
    after = {name: value.clone() for name, value in reversed(before.items())}
    wanted: dict[str, set[str]] = {"changed": set(), "added": set(), "removed": set(), "unchanged": set(before)}
    compared(student, before, after, wanted, KINDS, "a copy holds the same numbers in other memory")


@check(item="s004-1.14")
def a_frozen_run_changed_its_head_only(student: Student, draw: Draw) -> None:
    """From a stored model to a frozen, fine-tuned one: the head is added, the word predictor gone, nothing changed."""
    model = ref.Twin(bert_models.tiny_config(3))
    bert_models.generic(model, draw.integer(0, 999))
    stored = {name: value.detach() for name, value in model.named_parameters() if name.startswith("bert.")}
    before = {**stored, "cls.predictions.bias": torch.zeros(30)}
    after = {name: value.detach().clone() for name, value in reversed(list(model.named_parameters()))}
    wanted = {
        "changed": set(),
        "added": {"classifier.weight", "classifier.bias"},
        "removed": {"cls.predictions.bias"},
        "unchanged": set(stored),
    }
    compared(student, before, after, wanted, KINDS, "four kinds; each name belongs to exactly one of them")


# --- s004-1.11 -------------------------------------------------------------------

MARKS, MASK = [0, 1, 2, 3], 4


def sentence(draw: Draw, words: int) -> torch.Tensor:
    """A framed sentence with a mark inside and a word that occurs twice."""
    inner = [draw.integer(5, 29) for _ in range(words)]
    return torch.tensor([2, inner[0], *inner, 3, *inner[1:2], 3])


def likelihood(model: Any, ids: torch.Tensor, marks: list[int], mask: int) -> float:
    """The pseudo-log-likelihood, one pass per word."""
    total = 0.0
    with torch.no_grad():
        for place, token in enumerate(ids.tolist()):
            if token not in marks:
                hidden = ids.clone()
                hidden[place] = mask
                total += float(model(input_ids=hidden[None]).logits[0, place].log_softmax(-1)[token])
    return total


def judge_of(student: Student, seed: int) -> tuple[Handle, Any]:
    """A masked language model in the student's process, and the same one here."""
    twin: Any = BertForMaskedLM(cast(BertConfig, bert_models.tiny_config(2, layers=2)))
    bert_models.generic(twin, seed)
    return ref.made(student, "tiny_lm", seed, layers=2), twin.double().eval()


def scored(student: Student, draw: Draw, words: int, marks: list[int], mask: int, hint: str) -> None:
    seed, ids = draw.integer(0, 9999), sentence(draw, words)
    model, twin = judge_of(student, seed)
    agreed(student, model, twin, ids, marks, mask, hint)


def agreed(
    student: Student, model: Handle, twin: Any, ids: torch.Tensor, marks: list[int], mask: int, hint: str
) -> None:
    got = student.pll(model, ids, mask_id=mask, special_ids=marks)
    want = likelihood(twin, ids, marks, mask)
    expect.close(expect.number(got, what="pll(...)"), want, what="the pseudo-log-likelihood", rtol=1e-6, hint=hint)


def certain(student: Student, draw: Draw) -> tuple[Handle, Any]:
    """As `judge_of`, with logits that lie far apart, and that are exactly 0 for some words."""
    model, twin = judge_of(student, draw.integer(0, 9999))
    with torch.no_grad():
        twin.bert.embeddings.word_embeddings.weight *= 80  # the output layer's, too
        twin.bert.embeddings.word_embeddings.weight[8:14] = 0
        twin.cls.predictions.bias[8:14] = 0
    model.load({name: value.detach() for name, value in twin.named_parameters()})
    return model, twin


@check(item="s004-1.11", points=2)
def each_word_is_hidden_when_it_is_scored(student: Student, draw: Draw) -> None:
    """pll is the sum of log-probabilities of each word with its own place, and no other, hidden, for a sentence of one
    word, too, and for a model that is sure, or has logits of exactly 0."""
    for words in (1, 3, 6):
        scored(
            student,
            draw,
            words,
            MARKS,
            MASK,
            ("hide one place at a time, take the natural logarithm of the probability of its word, and add up"),
        )
    model, twin = certain(student, draw)
    hint = "take the logits as they are: nothing is cut, and 0 is a logit like any other"
    for inner in ([draw.integer(8, 13)], [draw.integer(14, 29)], [9, 20, 12, 27, 6]):
        agreed(student, model, twin, torch.tensor([2, *inner, 3]), MARKS, MASK, hint)


@check(item="s004-1.11")
def marks_are_not_scored(student: Student, draw: Draw) -> None:
    """Places with special ids add nothing, whatever these ids are; the mask is the id that is given."""
    many = [0, 1, 2, 3, 4, *range(9, 22)]  # so many that some word of nearly every sentence is one
    for marks, mask in (([2, 3], 4), (many, 25), (many, 25), (MARKS, 9)):
        scored(student, draw, 5, marks, mask, "special_ids says what a mark is, mask_id what hides a word")
    model, _ = judge_of(student, draw.integer(0, 9999))
    got = student.pll(model, torch.tensor([2, 3, 3]), mask_id=MASK, special_ids=MARKS)
    got = expect.number(got, what="pll(...)")
    expect.close(got, 0.0, what="pll of nothing but marks", hint="a sum of nothing is 0")


@check(item="s004-1.11")
def scoring_leaves_the_sentence_alone(student: Student, draw: Draw) -> None:
    """ids is the same after the call, and a second call gives the same number."""
    model, ids = ref.made(student, "tiny_lm", draw.integer(0, 9999)), sentence(draw, 5)
    known = {"mask_id": MASK, "special_ids": MARKS}
    first, after = student.with_inputs("pll", model, ids, **known)
    expect.unharmed(ids, after[1], what="ids")
    number = expect.number(first, what="pll(...)")
    expect.true(number < 0, "pll is not negative: it is a sum of logarithms of probabilities.")
    expect.same(number, student.pll(model, ids, **known), what="pll, called twice")
    moved = ids.clone()
    moved[2] = 5 + (moved[2] - 5 + 7) % 25
    other = expect.number(student.pll(model, moved, **known), what="pll(...)")
    expect.true(abs(other - number) > 1e-9, "Another word in the sentence gives the same pll.")


@check(item="s004-1.11")
def fitting_tensors_are_copied(student: Student, draw: Draw) -> None:
    """Every parameter of the language model that BERT has in the same shape holds BERT's numbers; it stays causal, and
    all of it can be trained."""
    bert = ref.made(student, "tiny_lm", draw.integer(0, 999))
    lm = ref.made(student, "tiny_lm", 1000 + draw.integer(0, 999), causal=True)
    source, names = bert.parameters(), lm.parameters().keys()
    student.init_from(bert, lm)
    found = lm.parameters()
    expect.true(
        found.keys() == names,
        "Afterwards the language model has other parameters than before: new objects broke the tie of two of them.",
        "the word table and the output layer are one parameter: write the numbers into it, in place",
    )
    expect.true(
        freezing.open_names(lm) == names,
        "Afterwards a parameter of the language model requires no gradient: it could not be trained.",
        "to write into a parameter, use torch.no_grad(), not requires_grad",
    )
    for name, value in source.items():
        expect.true(
            name in found and torch.equal(found[name].detach(), value.detach()),
            "A tensor that fits was not copied.",
            "same name and same shape: copy its numbers into the language model",
        )
    ids = torch.tensor([[5, 9, 7, 11, 6]])
    other = ids.clone()
    other[0, 4] = 20
    one, two = (expect.array(student.logits_of(lm, part), what="logits") for part in (ids, other))
    expect.same(
        one[:, :4],
        two[:, :4],
        what="the predictions before a later word that changes",
        rtol=1e-9,
        hint="the left-to-right model keeps its causal mask: copy numbers, not modules",
    )


@check(item="s004-1.11", points=2)
def what_does_not_fit_is_listed(student: Student, draw: Draw) -> None:
    """Parameters without a partner of their name and shape keep their numbers, and exactly these are listed, sorted."""
    turned = ({"intermediate_size": 16}, {"hidden": 16, "intermediate_size": 12})  # 16 x 12 and 12 x 16
    for given, sizes in (({}, {"layers": 3}), ({}, {"vocabulary": 37}), turned):
        seed = draw.integer(0, 999)
        bert = ref.made(student, "tiny_lm", seed, **given)
        lm = ref.made(student, "tiny_lm", seed + 1000, causal=True, **sizes)
        source, before = bert.parameters(), lm.parameters()
        got = student.init_from(bert, lm)
        want = sorted(n for n, v in before.items() if n not in source or source[n].shape != v.shape)
        if not isinstance(got, (list, tuple)) or not all(isinstance(name, str) for name in got):
            raise Feedback("init_from does not return a list of names.")
        expect.true(
            list(got) == want,
            "The list of parameters that got nothing is wrong.",
            "names of the language model's parameters, sorted, those of another shape too",
        )
        after = lm.parameters()
        for name, value in before.items():
            if name in want:
                expect.true(torch.equal(after[name].detach(), value.detach()), "A parameter that got nothing changed.")
            else:
                expect.true(
                    torch.equal(after[name].detach(), source[name].detach()), "A fitting parameter was not copied."
                )


@check(item="s004-1.11")
def the_copy_is_a_copy(student: Student, draw: Draw) -> None:
    """Afterwards the two models share no memory, and BERT itself is unchanged."""
    bert = ref.made(student, "tiny_lm", draw.integer(0, 999))
    lm = ref.made(student, "tiny_lm", draw.integer(1000, 1999), causal=True)
    before = bert.parameters()
    student.init_from(bert, lm)
    kept, mine = bert.parameters(), lm.parameters()
    expect.true(
        all(torch.equal(kept[n].detach(), v.detach()) for n, v in before.items()), "init_from changed BERT itself."
    )
    name = next(iter(before))
    expect.true(torch.equal(mine[name].detach(), before[name].detach()), "Nothing was copied.")
    student.tool("bert_models").method("generic", bert, 5000)
    after = lm.parameters()
    expect.true(
        all(torch.equal(after[n].detach(), v.detach()) for n, v in mine.items()),
        "Training BERT on would change the language model: the two share memory.",
        "copy the numbers",
    )
