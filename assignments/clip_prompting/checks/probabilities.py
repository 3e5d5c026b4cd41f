"""Hidden checks of Part 1: similarities, probabilities, zero-shot classification."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from seq2kit.clip import shapes

from autograder.judge import Draw, Student, calibrated, check, expect, properties, said

from . import reference as ref
from . import shared

UNDIVIDED = "divide by the length of each vector, on both sides"
OVER_TEXTS = "the softmax goes over the texts, the last axis, whatever the number of pictures"


def _embeddings(draw: Draw, m: int = 4, t: int = 7, d: int = 5) -> tuple[torch.Tensor, torch.Tensor]:
    """Vectors of very different lengths, as no model that is trained for directions keeps lengths in check."""
    sizes = [torch.tensor([draw.uniform(0.2, 6.0) for _ in range(n)], dtype=torch.float64)[:, None] for n in (m, t)]
    return draw.tensor(m, d) * sizes[0], draw.tensor(t, d) * sizes[1]


# --- s001-4.1 --------------------------------------------------------------


@check(item="s001-4.1", points=2)
def similarity_is_the_cosine(student: Student, draw: Draw) -> None:
    """similarity_matrix gives the cosine of each picture with each text, for more, fewer, as many and single texts."""
    for m, t, d in ((4, 7, 5), (6, 2, 3), (1, 3, 8), (5, 1, 4), (5, 5, 3), (1, 1, 6)):
        images, texts = _embeddings(draw, m, t, d)
        expect.close(
            student.similarity_matrix(images, texts),
            ref.cosines(images, texts),
            what=f"similarity_matrix for {m} pictures and {t} texts",
            hint=UNDIVIDED,
            rtol=properties.ROUGH,
        )


@check(item="s001-4.1")
def lengths_do_not_matter(student: Student, draw: Draw) -> None:
    """Making embeddings longer or shorter, each by a factor of its own, changes no similarity and no probability."""
    images, texts = _embeddings(draw)
    pairs = [(images * draw.simplex(4)[:, None] * 9, texts), (images, texts * draw.simplex(7)[:, None] * 30)]
    short = images * 1e-3, texts * 1e-3
    scale = 0.1  # small, so that the probabilities of plain inner products are not all 0 or 1, whatever the lengths
    cosines, probabilities = student.similarity_matrix(images, texts), student.clip_probs(images, texts, scale)
    for before, what in ((cosines, "similarity_matrix"), (probabilities, "clip_probs")):
        spread = expect.array(before, what=what)
        expect.true(spread.size > 1 and bool(np.ptp(spread) > 1e-6), f"{what} gives the same number everywhere.")
    for (a, b), side in zip(pairs, ("pictures", "texts"), strict=True):
        expect.same(
            cosines,
            student.similarity_matrix(a, b),
            rtol=properties.ROUGH,
            what=f"similarity_matrix when the embeddings of the {side} change their lengths",
            hint=UNDIVIDED,
        )
        expect.same(
            probabilities,
            student.clip_probs(a, b, scale),
            rtol=properties.ROUGH,
            what=f"clip_probs when the embeddings of the {side} change their lengths",
            hint=UNDIVIDED,
        )
    expect.same(
        cosines,
        student.similarity_matrix(*short),
        rtol=1e-2,  # an epsilon of 1e-6 may stay
        what="similarity_matrix when all embeddings are a thousand times shorter",
        hint="a lower bound on lengths, or what is added to them, has to be tiny",
    )


@check(item="s001-4.1", points=2)
def probabilities_match_the_model(student: Student, draw: Draw) -> None:
    """For fresh pictures and captions, clip_probs gives what the model's own logits_per_image give."""
    clip, fresh = ref.model(), ref.fresh(9, shared.secret_seed(draw))
    captions = [draw.choice(shapes.CAPTIONS) for _ in range(3)] + fresh.captions[:4]
    got = student.clip_probs(clip.embed_pictures(fresh.pictures), clip.embed_texts(captions), clip.logit_scale)
    expect.close(
        got,
        ref.model_probabilities(fresh.pictures, captions),
        rtol=1e-3,
        what="clip_probs for embeddings of the model",
        hint="compare lengths, scale, and the axis of the softmax",
    )


@check(item="s001-4.1")
def probabilities_sum_to_one_over_texts(student: Student, draw: Draw) -> None:
    """Each picture's probabilities are positive and sum to 1, with more, fewer and single texts."""
    for m, t in ((4, 7), (6, 2), (3, 3), (1, 4), (5, 1), (1, 1)):
        images, texts = _embeddings(draw, m, t)
        got = expect.array(student.clip_probs(images, texts, 3.0), what="clip_probs(...)")
        expect.shape(got, (m, t), what="clip_probs(...)", hint="one line per picture, one column per text")
        expect.finite(got, what="clip_probs(...)")
        expect.true(bool((got > 0).all()), "Some probability is not positive.")
        expect.close(
            got.sum(1), np.ones(m), rtol=properties.ROUGH, hint=OVER_TEXTS, what="the sum of clip_probs over the texts"
        )


@check(item="s001-4.1", points=2)
def the_scale_is_a_multiplier(student: Student, draw: Draw) -> None:
    """Logarithms of the probabilities differ by scale times the difference of the cosines; at 0 all are equal."""
    images, texts = _embeddings(draw)
    cosines = ref.cosines(images, texts)
    for scale in (0.6, 2.5, draw.uniform(8.0, 16.0)):
        for given in (scale, torch.tensor(scale, dtype=torch.float64)):
            got = expect.array(student.clip_probs(images, texts, given), what="clip_probs(...)")
            expect.shape(got, (4, 7), what="clip_probs(...)")
            expect.true(bool((got > 0).all()), "Some probability is not positive.")
            logs = np.log(got)
            expect.close(
                logs - logs[:, :1],
                scale * (cosines - cosines[:, :1]),
                rtol=1e-4,
                what="the logarithm of clip_probs, as the scale changes",
                hint="logit_scale is the multiplier itself: multiply the cosines by it, once",
            )
    expect.close(
        student.clip_probs(images, texts, 0.0),
        np.full((4, 7), 1 / 7),
        what="clip_probs at scale 0",
        hint="with scale 0 all captions are alike",
        rtol=properties.ROUGH,
    )


@check(item="s001-4.1")
def a_large_scale_stays_finite(student: Student, draw: Draw) -> None:
    """With a scale of 10000 the result is finite and right, in float64 and in float32."""
    images, texts = _embeddings(draw)
    # every text gets a neighbour so close that both have a share, even at this scale
    close = texts + 1e-4 * texts.norm(dim=1, keepdim=True) * draw.tensor(7, 5)
    texts = torch.cat([texts, close])
    for dtype in (torch.float64, torch.float32):
        got = student.clip_probs(images.to(dtype), texts.to(dtype), 1e4)
        expect.close(
            got,
            ref.probabilities(images, texts, 1e4),
            what="clip_probs at scale 10000",
            rtol=1e-2,
            hint="the scale counts as it is given, however large; exp overflows, torch.softmax does not",
        )


@check(item="s001-4.1")
def each_picture_stands_alone(student: Student, draw: Draw) -> None:
    """A picture has the same similarities and probabilities alone as among others."""
    images, texts = _embeddings(draw)
    one = draw.integer(0, 3)
    for name, extra in (("similarity_matrix", ()), ("clip_probs", (4.0,))):
        many = expect.array(student.with_inputs(name, images, texts, *extra)[0], what=name)
        expect.shape(many, (4, 7), what=name)
        expect.true(bool(np.ptp(many) > 1e-6), f"{name} gives the same number everywhere.")
        alone = student.with_inputs(name, images[one : one + 1], texts, *extra)[0]
        expect.same(
            many[one : one + 1],
            alone,
            what=f"{name} of one picture, alone or among others",
            rtol=properties.ROUGH,
            hint="divide each vector by its own length; " + OVER_TEXTS,
        )


@check(item="s001-4.1")
def probabilities_keep_precision_and_inputs(student: Student, draw: Draw) -> None:
    """Both functions keep float32 and float64, leave their arguments alone, and give the same twice."""
    images, texts = _embeddings(draw)
    direction = draw.tensor(4, 5)
    extras: dict[str, tuple[float, ...]] = {"similarity_matrix": (), "clip_probs": (3.0,)}
    for name, extra in extras.items():
        scale = [torch.tensor(number, dtype=torch.float64) for number in extra]  # which a call may change as well
        properties.no_side_effects(student, name, (images.clone(), texts.clone(), *scale))

        def moved(step: float, extra: tuple[float, ...] = extra) -> tuple[Any, ...]:
            return images + step * direction, texts, *extra

        properties.keeps_precision(student, name, moved)


# --- s001-4.1-zeroshot -----------------------------------------------------


def _right(student: Student, world: shapes.Gallery, captions: list[str]) -> float:
    """The share of pictures that get their own caption."""
    got = student.zero_shot(world.pictures, captions)
    found = shared.indices(got, len(world), len(captions), what="zero_shot(...)")
    return sum(captions[k] == own for k, own in zip(found, world.captions, strict=True)) / len(world)


@check(item="s001-4.1-zeroshot", points=2)
def fresh_pictures_find_their_caption(student: Student, draw: Draw) -> None:
    """On fresh pictures of all 144 kinds, the share that gets its own caption is what this model can do."""
    share = _right(student, ref.fresh(288, shared.secret_seed(draw)), list(shapes.CAPTIONS))
    expect.true(
        calibrated(__file__, "share of fresh pictures").met_by(share),
        f"On fresh pictures only {said.share(share)} get their own caption; this model can do clearly better.",
        "guessing gives less than 1 of 100; compare both lengths, the axis, and which of the lists you index",
    )


@check(item="s001-4.1-zeroshot")
def kinds_never_trained_on_find_their_caption(student: Student, draw: Draw) -> None:
    """So it is on kinds of picture that the model never met while it was trained."""
    share = _right(student, ref.fresh(130, shared.secret_seed(draw), True), list(shapes.CAPTIONS))
    expect.true(
        calibrated(__file__, "share of unseen kinds").met_by(share),
        f"Of pictures of new kinds only {said.share(share)} get their own caption; the model can do better.",
        "does your answer look anything up that you saw before? A new picture has no entry there",
    )


@check(item="s001-4.1-zeroshot")
def answers_count_in_the_list_given(student: Student, draw: Draw) -> None:
    """With some of the captions, in another order, the answers are places in that list; arguments stay as they are."""
    world = ref.fresh(60, shared.secret_seed(draw))
    order = [int(k) for k in draw.permutation(len(shapes.CAPTIONS))]
    chosen = [shapes.CAPTIONS[k] for k in order[:97]]
    inside = [k for k, caption in enumerate(world.captions) if caption in chosen]
    some = shapes.Gallery(world.pictures[inside], tuple(world.scenes[k] for k in inside))
    share = _right(student, some, chosen)
    expect.true(
        share > 0.8,
        "With captions in another order, the answers point at the wrong ones.",
        "an answer is a place in the list that was handed over",
        f"share {share}",
    )
    first, after = student.with_inputs("zero_shot", some.pictures, chosen)
    expect.unharmed([some.pictures, chosen], after, what="an argument of zero_shot")
    turned = chosen[::-1]  # as many captions as before
    one, two = (
        shared.indices(found, len(some), len(chosen), what="zero_shot(...)")
        for found in (first, student.zero_shot(some.pictures, turned))
    )
    expect.true(
        [chosen[k] for k in one] == [turned[k] for k in two],
        "With the same captions in the opposite order, other captions win.",
        "does it keep the captions of an earlier call?",
    )


@check(item="s001-4.1-zeroshot")
def single_words_serve_as_classes(student: Student, draw: Draw) -> None:
    """Classes may be any texts, six of them or two: here colours and sizes as single words."""
    world = ref.fresh(120, shared.secret_seed(draw))
    truths = {shapes.COLOURS: [s.colour for s in world.scenes], shapes.SIZES: [s.size for s in world.scenes]}
    for (words, truth), least in zip(truths.items(), (0.95, 0.8), strict=True):
        order = [words[int(k)] for k in draw.permutation(len(words))]
        what = f"zero_shot with the classes {', '.join(words)}"
        found = shared.indices(student.zero_shot(world.pictures, order), len(world), len(order), what=what)
        share = sum(order[k] == word for k, word in zip(found, truth, strict=True)) / len(world)
        told = f"{what} is right for {said.share(share)} of the pictures; the model can do better."
        expect.true(
            share > least, told, "does the answer depend on the captions that are handed over, and on nothing else?"
        )


@check(item="s001-4.1-zeroshot")
def the_most_similar_caption_is_chosen(student: Student, draw: Draw) -> None:
    """Each answer is the caption with the largest cosine, of those handed over and as they are handed over."""
    order, clip = draw.permutation(len(shapes.SCENES)), ref.model()
    kinds = [shapes.SCENES[int(k)] for k in order[:24]]
    world = shapes.draw_gallery(144, shared.secret_seed(draw), kinds)
    # many ways to say each of these kinds: they lie so close together that lengths and stray words decide
    said = [v for scene in kinds for group in shapes.near_paraphrases(scene).values() for v in group]
    words = [w for plain, others in shapes.SYNONYMS.items() for w in (plain, *others)]
    words = [draw.choice(("", "zorp ")) + word for word in words]
    for texts, sort in ((said, ""), (words, " among single words, some with an unknown word beside them")):
        captions = [texts[int(k)] for k in draw.permutation(len(texts))]
        found = shared.indices(student.zero_shot(world.pictures, captions), 144, len(captions), what="zero_shot(...)")
        cosines = ref.cosines(clip.embed_pictures(world.pictures), clip.embed_texts(captions))
        behind = cosines.max(1).values - cosines[range(144), found]
        expect.true(
            bool((behind < shared.TIE).all()),
            f"Some pictures get a caption that is not the most similar one{sort}.",
            "compare by cosine, so that the lengths play no part, and use the captions as they come: "
            "nothing added, nothing left out",
            f"{int((behind >= shared.TIE).sum())} of 144",
        )


@check(item="s001-4.1-zeroshot")
def a_picture_does_not_care_for_its_neighbours(student: Student, draw: Draw) -> None:
    """A picture alone gets the answer that it gets among others, and other pictures get other answers."""
    world, captions = ref.fresh(7, shared.secret_seed(draw)), list(shapes.CAPTIONS)
    many = shared.indices(student.zero_shot(world.pictures, captions), 7, 144, what="zero_shot(...)")
    expect.true(
        len(set(many)) > 1,
        "Different pictures all get the same caption.",
        "a constant answer can look right on a list with few classes",
    )
    for place in (0, draw.integer(1, 6)):
        alone = shared.indices(
            student.zero_shot(world.pictures[place : place + 1], captions), 1, 144, what="zero_shot of a single picture"
        )
        expect.true(
            alone == [many[place]],
            "A picture alone gets another caption than among others.",
            "the softmax goes over the captions, not over the pictures",
        )
