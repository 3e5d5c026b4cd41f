"""What the check files share: draws from the world of shapes, and the forms of what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from seq2kit.clip import shapes
from seq2kit.clip.models import Clip
from torch import Tensor

from autograder.judge import Draw, Feedback, Student, expect

from . import reference as ref

# Cosines closer than this are a tie: machines round differently.
TIE = 1e-5
# How far two digits, as one writes a share or a probability by hand, may be from the number.
TWO_DIGITS = 6e-3
# Of a caption, in characters: no model reads more.
LONGEST_TEXT = 1000
FEWEST_TRIES, LONGEST_LOG = 3, 1000
NUMBERS = ("picked", "prob", "rank")  # in the record of a try


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


def record(value: Any, numbers: Sequence[str] = NUMBERS, *, what: str) -> dict[str, Any]:
    """A dict with caption, these numbers, plain, and the kind where there is one in words. Raises Feedback."""
    keys = ("caption", *numbers)
    if not isinstance(value, dict) or not set(keys) <= set(value):
        raise Feedback(f"{what} should be a dict with the keys {', '.join(keys)}.")
    if not isinstance(value["caption"], str):
        raise Feedback(f"The caption in {what} should be text.")
    plain = {key: expect.number(value[key], what=f"{key} in {what}") for key in numbers}
    kind = value.get("kind")
    return {"caption": value["caption"][:LONGEST_TEXT], "kind": kind if isinstance(kind, str) else None, **plain}


def name_of(student: Student) -> str:
    """The name that decides which pictures are looked for. Raises Feedback when there is none."""
    name = student.value("my_name")
    if not isinstance(name, str) or not name.strip():
        raise Feedback("my_name is not a name.", "write your name in quotes: it decides which picture is yours")
    return name


def caption_in(student: Student, name: str) -> str:
    """The text in this variable. Raises Feedback where there are no words in it."""
    caption = student.value(name)
    if not isinstance(caption, str) or not shapes.words_of(caption):
        raise Feedback(f"{name} is not a text with words in it.", "write the caption in quotes")
    return caption[:LONGEST_TEXT]


def log_in(student: Student, name: str, numbers: Sequence[str] = NUMBERS) -> list[dict[str, Any]]:
    """The log in this variable as records, read leniently: a bound on its length, plain numbers. Raises Feedback."""
    log = student.value(name)
    if not isinstance(log, (list, tuple)) or not log:
        raise Feedback(f"{name} should be a list of the records of your tries.")
    expect.true(len(log) <= LONGEST_LOG, f"{name} holds more than {LONGEST_LOG} tries.", "keep the telling ones")
    return [record(entry, numbers, what=f"entry {place} of {name}") for place, entry in enumerate(log)]


def different(log: Sequence[dict[str, Any]]) -> dict[str, str]:
    """The captions of a log that differ by more than capitals and punctuation: plain words -> one that has them."""
    found = {" ".join(shapes.words_of(entry["caption"])): entry["caption"] for entry in log}
    found.pop("", None)
    return found


def read_whole(clip: Clip, caption: str, name: str) -> None:
    """Raises Feedback where the model does not read the caption to its end."""
    expect.true(
        len(clip.tokens(caption)) <= clip.longest,
        f"{name} is too long: its end is cut off.",
        f"at most {clip.longest - 2} words",
    )


def knows_a_word(clip: Clip, caption: str, name: str) -> None:
    """Raises Feedback where the model knows no word of the caption."""
    expect.true(
        len(clip.unknown_words(caption)) < len(set(shapes.words_of(caption))),
        f"The model knows none of the words of {name}.",
        "to the model they all look alike",
    )


def rank_bounds(caption: str, target: int) -> tuple[int, int]:
    """The smallest and the largest rank in the gallery that rounding leaves open."""
    return ranks_in(ref.in_gallery([caption])[0], target)


def ranks_in(row: Tensor, target: int) -> tuple[int, int]:
    """The same for the cosines (n,) of a caption with n pictures."""
    ahead, level = row > row[target] + TIE, (row - row[target]).abs() <= TIE
    first = 1 + int(ahead.sum())
    return first, first + int(level.sum()) - 1
