"""What the check files share: draws from the world of shapes, and properties that every function has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from seq2kit import shapes

from autograder.errors import Feedback
from autograder.judge import Draw, Student, beside, expect

ref = beside(__file__, "reference.py")

# Whoever works in float32 inside loses the precision check and no other.
ROUGH = 1e-5
# Cosines closer than this are a tie: machines round differently.
TIE = 1e-5
SINGLE = 1e-4
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


def indices(value: Any, number: int, bound: int, *, what: str) -> list[int]:
    """A list of `number` whole numbers from 0 to bound - 1. Raises Feedback."""
    found = expect.array(value, what=what)
    expect.shape(found, (number,), what=what, hint="one answer per picture")
    expect.true(bool((found == found.round()).all()), f"{what} should hold whole numbers.",
                "the place of the best caption in the list, not its probability")
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


def keeps_precision(student: Student, name: str, arguments: Callable[[float], tuple[Any, ...]]) -> None:
    """float32 in, float32 out; and in float64 a step of 1e-10 in the arguments shows in the result."""

    def call(given: tuple[Any, ...]) -> Any:
        return getattr(student, name)(*given)

    wide, narrow = call(arguments(0.0)), call(tuple(_single(part) for part in arguments(0.0)))
    expect.dtype(wide, torch.zeros(1, dtype=torch.float64), what=f"{name}(...)")
    expect.dtype(narrow, torch.zeros(1, dtype=torch.float32), what=f"{name}(...)")
    expect.close(narrow, expect.array(wide, what=f"{name}(...)"), what=f"{name} in float32", rtol=SINGLE)
    near, far = (expect.array(call(arguments(step)), what=f"{name}(...)") for step in (1e-10, 1e-4))
    here = expect.array(wide, what=f"{name}(...)")
    slope, fine = abs(far - here).max() / 1e-4, abs(near - here).max() / 1e-10
    expect.true(bool(slope > 1e-6), f"{name} gives the same for all arguments.")
    expect.true(bool(0.5 * slope < fine < 2 * slope), f"{name} loses digits of float64 on the way.",
                "is some step done in float32?", f"slope {slope} against {fine}")


def no_side_effects(student: Student, name: str, one: tuple[Any, ...]) -> None:
    """Arguments stay as they were, and a second call agrees."""
    first, after = student.with_inputs(name, *one)
    expect.unharmed(list(one), after, what=f"an argument of {name}")
    expect.same(first, student.with_inputs(name, *one)[0], what=f"{name} called twice with the same arguments",
                hint="does it keep something between calls?")


def _single(part: Any) -> Any:
    return part.float() if isinstance(part, torch.Tensor) else part
