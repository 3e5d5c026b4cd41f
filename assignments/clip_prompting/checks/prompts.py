"""Hidden checks of Parts 3 and 4: prompt ensembles, and how often a small change of words changes the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from seq2kit.clip import shapes

from autograder.judge import Draw, Feedback, Student, calibrated, check, expect, properties, said

from . import reference as ref
from . import shared

SAME_MEANING = ("common synonym", "rare synonym", "other order", "opening")
PICTURES, MOST_PROMPTS = 2304, 500


# --- s001-4.2-ensemble -----------------------------------------------------


def _prompts(draw: Draw, k: int, d: int) -> torch.Tensor:
    """Embeddings of very different lengths, around a common direction."""
    sizes = torch.tensor([draw.uniform(0.1, 9.0) for _ in range(k)], dtype=torch.float64)
    return (draw.tensor(k, d) + 0.7 * draw.tensor(1, d)) * sizes[:, None]


def _ensemble(student: Student, prompts: torch.Tensor) -> Any:
    got = expect.array(student.ensemble_embedding(prompts), what="ensemble_embedding(...)")
    expect.shape(got, (prompts.shape[1],), what="ensemble_embedding(...)", hint="one vector for all prompts together")
    expect.finite(got, what="ensemble_embedding(...)")
    return got


@check(item="s001-4.2-ensemble", points=2)
def the_ensemble_is_the_mean_direction(student: Student, draw: Draw) -> None:
    """The ensemble is the mean of the prompts, each at length 1, brought to length 1."""
    for k, d in ((3, 5), (7, 4), (2, 9)):
        prompts = _prompts(draw, k, d)
        mean = (prompts / prompts.norm(dim=1, keepdim=True)).mean(0)
        expect.close(
            _ensemble(student, prompts),
            mean / mean.norm(),
            what=f"ensemble_embedding of {k} prompts",
            hint="first each prompt to length 1, then the mean, then length 1 again",
            rtol=properties.ROUGH,
        )


@check(item="s001-4.2-ensemble")
def every_prompt_has_the_same_say(student: Student, draw: Draw) -> None:
    """A prompt whose embedding is made fifty times longer has no more say than before."""
    prompts, one = _prompts(draw, 4, 6), draw.integer(0, 3)
    longer = prompts.clone()
    longer[one] *= 50
    before, after = _ensemble(student, prompts), _ensemble(student, longer)
    expect.true(bool(np.ptp(before) > 1e-6), "ensemble_embedding gives the same number everywhere.")
    expect.same(
        before,
        after,
        what="the ensemble when one embedding gets longer",
        rtol=properties.ROUGH,
        hint="the length of an embedding means nothing: divide it away before you average",
    )
    for place in range(4):
        turned = prompts.clone()
        turned[place] = draw.tensor(6)
        expect.true(bool(abs(_ensemble(student, turned) - before).max() > 1e-3), "Some prompt has no say at all.")


@check(item="s001-4.2-ensemble")
def the_ensemble_has_length_one(student: Student, draw: Draw) -> None:
    """The ensemble has length 1, also when its prompts point in quite different directions, or are single numbers."""
    for k, d in ((2, 3), (5, 8), (1, 4), (3, 1)):
        got = _ensemble(student, draw.tensor(k, d, scale=3.0))
        expect.close(
            float((got**2).sum() ** 0.5),
            1.0,
            what="the length of the ensemble",
            rtol=properties.ROUGH,
            hint="the mean of vectors of length 1 is shorter than 1, and the sum is longer",
        )


@check(item="s001-4.2-ensemble")
def the_ensemble_of_one_and_of_any_order(student: Student, draw: Draw) -> None:
    """One prompt is its own ensemble; the order of the prompts does not matter; a prompt said twice counts twice."""
    single = draw.tensor(1, 5, scale=4.0)
    expect.close(
        _ensemble(student, single),
        single[0] / single.norm(),
        what="the ensemble of one prompt",
        rtol=properties.ROUGH,
        hint="its direction, at length 1",
    )
    prompts = _prompts(draw, 4, 5)
    before = _ensemble(student, prompts)
    expect.same(
        before,
        _ensemble(student, prompts[draw.permutation(4)]),
        rtol=properties.ROUGH,
        what="the ensemble when the prompts change places",
    )
    twice = torch.cat([prompts, prompts[:1]])
    mean = (twice / twice.norm(dim=1, keepdim=True)).mean(0)
    expect.close(
        _ensemble(student, twice),
        mean / mean.norm(),
        what="the ensemble with one prompt said twice",
        rtol=properties.ROUGH,
        hint="a mean over all rows, whatever they hold",
    )


@check(item="s001-4.2-ensemble")
def the_ensemble_keeps_precision_and_inputs(student: Student, draw: Draw) -> None:
    """float32 and float64 are kept, the argument is left alone, and the same comes twice."""
    prompts, direction = _prompts(draw, 4, 6), draw.tensor(4, 6)
    properties.no_side_effects(student, "ensemble_embedding", (prompts.clone(),))
    properties.keeps_precision(student, "ensemble_embedding", lambda step: (prompts + step * direction,))


def _written(student: Student) -> list[list[str]]:
    """The prompts for each shape. Raises Feedback for what is no list of different texts."""
    found = []
    for shape in shapes.SHAPES:
        prompts = student.shape_prompts(shape)
        if not isinstance(prompts, (list, tuple)) or not all(isinstance(p, str) and p.strip() for p in prompts):
            raise Feedback(f"shape_prompts({shape!r}) should be a list of texts.")
        expect.true(
            len(prompts) <= MOST_PROMPTS,
            f"shape_prompts({shape!r}) holds more than {MOST_PROMPTS} prompts.",
            "far fewer do as well",
        )
        longest = max(map(len, prompts), default=0)
        expect.modest(longest, shared.LONGEST_TEXT, what=f"A text in shape_prompts({shape!r})")
        different = {" ".join(shapes.words_of(p)) for p in prompts}
        expect.true(
            len(different) >= 2,
            f"shape_prompts({shape!r}) holds fewer than two different prompts.",
            "capitals and punctuation do not make a prompt different",
        )
        found.append([str(p) for p in prompts])
    return found


@check(item="s001-4.2-ensemble", points=2)
def prompts_beat_the_bare_word(student: Student, draw: Draw) -> None:
    """On fresh pictures the ensembles of shape_prompts find clearly more shapes than the bare words do."""
    prompts, seed = _written(student), shared.secret_seed(draw)
    share = ref.shape_accuracy(prompts, PICTURES, seed)
    bare = ref.shape_accuracy([[shape] for shape in shapes.SHAPES], PICTURES, seed)
    expect.true(
        calibrated(__file__, "gain of a plain ensemble").met_by(share - bare),
        f"Your prompts find the shape of {said.share(share)} of fresh pictures, which is not clearly more than the "
        f"{100 * bare:.0f} % of the bare word.",
        "pictures show one, two or three shapes: do your prompts cover both numbers of the noun? And how much do they "
        "say that is not about the shape?",
    )


@check(item="s001-4.2-ensemble")
def prompts_name_one_shape_only(student: Student, draw: Draw) -> None:
    """The prompts for one shape name that shape, and no other one."""
    names = {shape: {shape, shapes.plural(shape, 2)} for shape in shapes.SHAPES}
    names = {shape: own.union(*(shapes.SYNONYMS[word] for word in own)) for shape, own in names.items()}
    for shape, prompts in zip(shapes.SHAPES, _written(student), strict=True):
        others = set().union(*(own for other, own in names.items() if other != shape))
        for prompt in prompts:
            words = set(shapes.words_of(prompt))
            expect.true(
                not words & others,
                f"A prompt for {shape} names another shape.",
                "is the argument used where the noun stands? Does the list keep prompts of earlier calls?",
            )
        named = sum(bool(set(shapes.words_of(prompt)) & names[shape]) for prompt in prompts)
        expect.true(named > 0, f"None of the prompts for {shape} names it.", "is the argument used at all?")


# --- s001-4.2-brittle ------------------------------------------------------


@check(item="s001-4.2-brittle", points=2)
def flips_are_counted_against_the_original(student: Student, draw: Draw) -> None:
    """flip_rate is the share of variants that pick another picture than the caption itself does."""
    for number in (7, 4, 11):
        caption, other, *variants = shared.clear_captions(draw, number)
        # the same pick once or twice, and another one so often that it is the most common
        same = [caption.upper(), caption + "!"][: 1 + number % 2]
        variants = [*variants, *same, other, other.upper(), other + "!", other + "?", shared.strange_caption(draw)]
        got = expect.number(student.flip_rate(caption, variants), what="flip_rate(...)")
        expect.close(
            got,
            ref.flip_rate(caption, variants),
            what="flip_rate for captions of all sorts",
            rtol=0,
            atol=shared.TWO_DIGITS,
            hint="how many of the variants pick another picture than the caption, divided by their number",
        )
    caption, near = shared.flips_inside_its_kind(draw)
    got = expect.number(student.flip_rate(caption, near), what="flip_rate(...)")
    expect.close(
        got,
        ref.flip_rate(caption, near),
        what="flip_rate for near-paraphrases",
        rtol=0,
        atol=shared.TWO_DIGITS,
        hint="another picture of the same kind is another picture",
    )


@check(item="s001-4.2-brittle")
def flips_in_plain_cases(student: Student, draw: Draw) -> None:
    """Nothing changed gives 0, all others give 1, each variant counts, a repeated one each time; the list stays."""
    captions = [c for c in shapes.CAPTIONS if shared.is_clear(c)]
    order = [captions[int(k)] for k in draw.permutation(len(captions))[:5]]
    first, second, *others = order
    cases = {
        (first, (first, first.title())): 0.0,
        (first, (second, *others)): 1.0,
        (first, (second,)): 1.0,
        (first, (first, second, second, second)): 0.75,
        (second, (first, second, second)): 1 / 3,
    }
    for (caption, variants), rate in cases.items():
        got, after = student.with_inputs("flip_rate", caption, list(variants))
        expect.close(
            expect.number(got, what="flip_rate(...)"),
            rate,
            what=f"flip_rate with {len(variants)} variants",
            rtol=0,
            atol=shared.TWO_DIGITS,
            hint="a share of the variants; the caption itself is not one of them",
        )
        expect.unharmed(list(variants), after[1], what="the list of variants of flip_rate")


def _flips(student: Student) -> dict[str, float]:
    """The student's table. Raises Feedback when an entry is missing or no share."""
    flips = student.value("flips")
    if not isinstance(flips, dict) or set(flips) != set(shapes.KINDS_OF_CHANGE):
        raise Feedback(
            "flips should be a dict with one entry for each of shapes.KINDS_OF_CHANGE.",
            "is it still None, or did the cell stop before it was filled?",
        )
    found = {kind: expect.number(flips[kind], what=f"flips[{kind!r}]") for kind in shapes.KINDS_OF_CHANGE}
    expect.true(all(0 <= rate <= 1 for rate in found.values()), "An entry of flips is no share from 0 to 1.")
    return found


def _uneven(flips: Mapping[str, float]) -> None:
    expect.true(
        max(flips.values()) > min(flips.values()),
        "All entries of flips are the same: nothing can be read off.",
        "call flip_rate for each kind of change",
    )


def _claims(student: Student) -> Mapping[str, Any]:
    claims = student.value("claims")
    if not isinstance(claims, dict):
        raise Feedback("claims should be a dict.")
    return claims


@check(item="s001-4.2-brittle", points=2)
def the_table_is_what_the_model_does(student: Student, draw: Draw) -> None:
    """Computed again, each entry of flips is the mean flip rate over the probes."""
    found, bounds = _flips(student), ref.flips(shared.TIE)
    near = shared.TWO_DIGITS
    wrong = [kind for kind, (low, high) in bounds.items() if not low - near <= found[kind] <= high + near]
    expect.true(
        not wrong,
        f"flips is not what the model does for: {', '.join(wrong)}.",
        "the mean of flip_rate(scene.caption, variants) over all scenes in shapes.PROBES",
        f"{found} {bounds}",
    )


@check(item="s001-4.2-brittle", points=2)
def most_and_least_follow_from_the_table(student: Student, draw: Draw) -> None:
    """The kinds that are said to flip most and least often do so in your own table."""
    flips, claims = _flips(student), _claims(student)
    _uneven(flips)
    for claim, best in (("flips most often", max(flips.values())), ("flips least often", min(flips.values()))):
        kind = claims.get(claim)
        if not isinstance(kind, str) or kind not in flips:
            raise Feedback(f"The claim {claim!r} should be one of {', '.join(flips)}.")
        expect.true(
            flips[kind] == best,
            f"In your own table {kind!r} is not the kind that {claim}.",
            "compare the six numbers of flips",
        )


@check(item="s001-4.2-brittle")
def same_meaning_follows_from_the_table(student: Student, draw: Draw) -> None:
    """The claim about captions of the same meaning agrees with your own table."""
    flips, claims = _flips(student), _claims(student)
    name = "the same meaning can pick another picture"
    said = expect.boolean(claims.get(name), what=f"the claim {name!r}")
    _uneven(flips)
    expect.true(
        said == (max(flips[kind] for kind in SAME_MEANING) > 0),
        f"Your own table contradicts the claim {name!r}.",
        f"look at {', '.join(SAME_MEANING)}: a single flip is enough for 'can'",
    )


@check(item="s001-4.2-brittle")
def other_number_follows_from_the_table(student: Student, draw: Draw) -> None:
    """The claim about the number of the noun agrees with your own table."""
    flips, claims = _flips(student), _claims(student)
    name = "the other number flips more often than a common synonym"
    said = expect.boolean(claims.get(name), what=f"the claim {name!r}")
    _uneven(flips)
    expect.true(
        said == (flips["other number"] > flips["common synonym"]),
        f"Your own table contradicts the claim {name!r}.",
        "compare the two entries of flips",
    )
