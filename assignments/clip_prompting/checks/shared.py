"""What the check files share: draws from the world of shapes, and the forms of what comes back."""

from __future__ import annotations

from typing import Any

from seq2kit.clip import shapes

from autograder.judge import Draw, Feedback, expect

from . import reference as ref

# Cosines closer than this are a tie: machines round differently.
TIE = 1e-5
# How far two digits, as one writes a share or a probability by hand, may be from the number.
TWO_DIGITS = 6e-3
# Of a caption, in characters: no model reads more.
LONGEST_TEXT = 1000


def secret_seed(draw: Draw) -> int:
    """A seed for pictures, far from every seed in the notebook."""
    return 10**6 + draw.integer(0, 2**40)


def clear_captions(draw: Draw, number: int) -> list[str]:
    """Captions of all sorts for which one picture of the gallery is ahead of all others by more than a tie."""
    found: list[str] = []
    while len(found) < number:
        scene = draw.choice(shapes.SCENES)
        variants = [v for group in shapes.near_paraphrases(scene).values() for v in group]
        caption = draw.choice([scene.caption, draw.choice(variants), draw.choice(variants)])
        best = ref.in_gallery([caption])[0].topk(2).values
        if caption not in found and float(best[0] - best[1]) > 10 * TIE:
            found.append(caption)
    return found


def strange_caption(draw: Draw) -> str:
    """A caption with a word that the model does not know; without that word it picks another picture."""
    for place in draw.permutation(len(shapes.SCENES)):
        words = list(shapes.SCENES[int(place)].words)
        words.insert(draw.integer(0, 3), "zorp")
        caption = " ".join(words)
        best, places = ref.in_gallery([caption, shapes.SCENES[int(place)].caption]).topk(2)
        if places[0, 0] != places[1, 0] and float((best[:, 0] - best[:, 1]).min()) > 10 * TIE:
            return caption
    raise ValueError("an unknown word never changes what is picked")


def is_clear(caption: str) -> bool:
    """Whether one picture is ahead of all others by more than a tie."""
    best = ref.in_gallery([caption])[0].topk(2).values
    return float(best[0] - best[1]) > 10 * TIE


def apart(draw: Draw, number: int) -> list[str]:
    """Plain captions that clearly pick pictures of pairwise different kinds."""
    found: dict[int, str] = {}
    for place in draw.permutation(len(shapes.CAPTIONS)):
        caption = shapes.CAPTIONS[int(place)]
        if is_clear(caption):
            found.setdefault(int(ref.kind_numbers()[ref.picks([caption])[0]]), caption)
        if len(found) == number:
            return list(found.values())
    raise ValueError("too few captions pick pictures of different kinds")


def flips_inside_its_kind(draw: Draw) -> tuple[str, list[str]]:
    """A plain caption and its near-paraphrases, one of which at least picks another picture of the same kind."""
    numbers = ref.kind_numbers()
    for place in draw.permutation(len(shapes.SCENES)):
        caption = shapes.SCENES[int(place)].caption
        near = [
            v for group in shapes.near_paraphrases(shapes.SCENES[int(place)]).values() for v in group if is_clear(v)
        ]
        own, *others = ref.picks([caption, *near])
        if is_clear(caption) and any(k != own and numbers[k] == numbers[own] for k in others):
            return caption, near
    raise ValueError("no caption flips inside its kind")


def indices(value: Any, number: int, bound: int, *, what: str) -> list[int]:
    """A list of `number` whole numbers from 0 to bound - 1. Raises Feedback."""
    found = expect.array(value, what=what)
    expect.shape(found, (number,), what=what, hint="one answer per picture")
    expect.true(
        bool((found == found.round()).all()),
        f"{what} should hold whole numbers.",
        "the place of the best caption in the list, not its probability",
    )
    expect.true(bool(((found >= 0) & (found < bound)).all()), f"{what} holds a number that is no place in the list.")
    return [int(k) for k in found]


def record(value: Any, *, what: str) -> dict[str, Any]:
    """A dict with caption, picked, prob and rank, its numbers plain. Raises Feedback."""
    keys = ("caption", "picked", "prob", "rank")
    if not isinstance(value, dict) or not set(keys) <= set(value):
        raise Feedback(f"{what} should be a dict with the keys {', '.join(keys)}.")
    if not isinstance(value["caption"], str):
        raise Feedback(f"The caption in {what} should be text.")
    numbers = {key: expect.number(value[key], what=f"{key} in {what}") for key in keys[1:]}
    return {"caption": value["caption"][:LONGEST_TEXT], **numbers}


def rank_bounds(caption: str, target: int) -> tuple[int, int]:
    """The smallest and the largest rank that rounding leaves open."""
    row = ref.in_gallery([caption])[0]
    ahead, level = row > row[target] + TIE, (row - row[target]).abs() <= TIE
    first = 1 + int(ahead.sum())
    return first, first + int(level.sum()) - 1
