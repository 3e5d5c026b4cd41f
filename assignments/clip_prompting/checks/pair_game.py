"""Hidden checks of 5.2: kinds of miss, and the search for a caption among pairs, computed again from the captions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from seq2kit.clip import pairs, shapes

from autograder.judge import Draw, Feedback, NameMissing, NotData, Student, StudentRaised, check, expect

from . import reference as ref
from . import shared

ITEM = "s001-4.2-pair"
Kinds = dict[tuple[int, int], str]
SAME_WORDS = ("order", "binding", "both")
WHERE = {
    "order": "Where the same two things stand in each other's place, the kind is another one than kind_of_pick gives.",
    "binding": "Where the shapes stay and the colours change places, the kind is another one than kind_of_pick gives.",
    "both": "Where the colours stay and the shapes change places, the kind is another one than kind_of_pick gives.",
}


def _kind(student: Student, target: int, picked: int) -> str:
    return str(expect.one_of(student.kind_of_pick(target, picked), pairs.KINDS_OF_PICK, what="kind_of_pick(...)"))


def _some(draw: Draw, number: int) -> list[int]:
    """So many of the pictures, drawn. Picture 0 is left out: a number as any other, but no public test has it."""
    return [int(k) + 1 for k in draw.permutation(len(pairs.PAIRS) - 1)[:number]]


def _moved(target: int) -> dict[str, int]:
    """The three other pictures of the same words, by their kind."""
    first = target - target % 4
    return {ref.kind_of_pick(target, k): k for k in range(first, first + 4) if k != target}


def _near_misses(draw: Draw, target: int) -> list[int]:
    """Pictures of other words that have much in common with this one, a drawn one for each way to be alike."""
    own = pairs.PAIRS[target]
    colours, nouns = ({own.left[k], own.right[k]} for k in (0, 1))
    groups: dict[str, list[int]] = {}
    for k, pair in enumerate(pairs.PAIRS):
        if not k or set(pair.words) == set(own.words):
            continue
        same_colours = {pair.left[0], pair.right[0]} == colours
        same_nouns = {pair.left[1], pair.right[1]} == nouns
        things = {pair.left, pair.right} & {own.left, own.right}
        alike = {
            "one word in its place": sum(a == b for a, b in zip(pair.words, own.words, strict=True)) == 4,
            "one thing on the other side": bool(things) and pair.left != own.left and pair.right != own.right,
            "colours": same_colours,
            "colours in their places": same_colours and pair.left[0] == own.left[0],
            "shapes": same_nouns,
            "shapes in their places": same_nouns and pair.left[1] == own.left[1],
            "nothing": not colours & {pair.left[0], pair.right[0]},
        }
        for name, holds in alike.items():
            if holds:
                groups.setdefault(name, []).append(k)
    return [draw.choice(group) for group in groups.values()]


@check(item=ITEM)
def words_decide_first(student: Student, draw: Draw) -> None:
    """A picture is "own" for itself, and "other words" where one of its four words differs or more."""
    for target in _some(draw, 9):
        expect.true(
            _kind(student, target, target) == "own",
            "A picture held against itself is given another kind than own.",
            "the pair that is shown is the pair that was wanted",
        )
        for picked in _near_misses(draw, target):
            expect.true(
                _kind(student, target, picked) == "other words",
                "A picture whose caption has another colour or another shape is taken for one of the same words.",
                "all four words have to be there: a thing, or two colours, in common are not enough",
            )


@check(item=ITEM)
def three_ways_to_stand_otherwise(student: Student, draw: Draw) -> None:
    """Same words: things in the other order, colours exchanged between the shapes, or both, whichever was wanted."""
    for target in _some(draw, 24):
        for kind, picked in _moved(target).items():
            if picked:
                expect.true(
                    _kind(student, target, picked) == kind,
                    WHERE[kind],
                    "hold both colours and both shapes against their sides: left and right have one of each",
                )


def _own_kinds(student: Student, draw: Draw, asked: Sequence[tuple[int, int]]) -> Kinds:
    """What the student's function says of these pairs of pictures. Who took one kind for another loses the check about
    that, and a count or a log that follows is not wrong once more. Nothing where it tells no kinds apart at all."""
    target = draw.integer(4, len(pairs.PAIRS) - 1)
    own = pairs.PAIRS[target].words
    far = next(k for k in _some(draw, 359) if set(own) & set(pairs.PAIRS[k].words) == {"left"})
    try:
        tells = student.kind_of_pick(target, target) == "own" and student.kind_of_pick(target, far) == "other words"
        if not tells or all(student.kind_of_pick(target, k) not in SAME_WORDS for k in _moved(target).values()):
            return {}
        return {(target, picked): str(student.kind_of_pick(target, picked)) for target, picked in asked}
    except (Feedback, NameMissing, NotData, StudentRaised, TypeError, ValueError):
        return {}


def _true_kinds(asked: Sequence[tuple[int, int]]) -> Kinds:
    return {two: ref.kind_of_pick(*two) for two in asked}


def _counts_off(got: Mapping[str, float], picks: Sequence[Sequence[int]], kinds: Kinds) -> list[str]:
    """The kinds whose count is outside of what rounding leaves open; `picks`: the possible ones of each caption."""
    opened = [{kinds[k, picked] for picked in places} for k, places in enumerate(picks)]
    return [
        kind
        for kind in pairs.KINDS_OF_PICK
        if not sum(one == {kind} for one in opened) <= got[kind] <= sum(kind in one for one in opened)
    ]


@check(item=ITEM)
def all_plain_captions_are_counted(student: Student, draw: Draw) -> None:
    """Computed again, pick_counts says how many of the 360 plain captions pick in each way."""
    table = expect.mapping(
        student.value("pick_counts"),
        pairs.KINDS_OF_PICK,
        what="pick_counts",
        hint="is it still None, or did the cell stop before it was filled?",
    )
    got = {kind: float(expect.number(table[kind], what=f"pick_counts[{kind!r}]")) for kind in pairs.KINDS_OF_PICK}
    expect.true(
        sum(got.values()) == len(pairs.PAIRS) and all(count == round(count) for count in got.values()),
        "The counts in pick_counts do not add up to all plain captions.",
        "numbers, not shares; each of the 360 counts once, those that pick their own picture as well",
    )
    picks = ref.plain_picks(shared.TIE)
    asked = [(k, picked) for k, places in enumerate(picks) for picked in places]
    wrong = _counts_off(got, picks, _true_kinds(asked))
    if wrong and (own := _own_kinds(student, draw, asked)):
        wrong = wrong if _counts_off(got, picks, own) else []
    expect.true(
        not wrong,
        f"pick_counts is not what the model does for: {', '.join(wrong)}.",
        "for each caption, the picture that it picks: held against the picture whose caption it is",
        f"{got}",
    )


# --- the search --------------------------------------------------------------


def _target(student: Student) -> int:
    return pairs.target_for(shared.name_of(student))


def _winner(student: Student) -> str:
    return shared.caption_in(student, "pair_winner")


def _log(student: Student) -> list[dict[str, Any]]:
    found = shared.log_in(student, "pair_log", ("picked", "rank"))
    ref.pair_model().embed_texts([entry["caption"] for entry in found])  # all at once, to be looked up one by one
    return found


@check(item=ITEM, points=2)
def the_caption_finds_the_pair(student: Student, draw: Draw) -> None:
    """In the grader's own computation, pair_winner fits your picture better than all 359 others, and is read whole."""
    target, caption = _target(student), _winner(student)
    shared.read_whole(ref.pair_model(), caption, "pair_winner")
    shared.knows_a_word(ref.pair_model(), caption, "pair_winner")
    row = ref.among_pairs([caption])[0]
    low, _ = shared.ranks_in(row, target)
    if low > 1:
        picked = pairs.PAIRS[int(row.argmax())].caption
        note = " (some of its words the model does not know)" if ref.pair_model().unknown_words(caption) else ""
        place = next((f"among the first {most}" for most in (3, 10, 30, 100) if low <= most), "far behind")
        raise Feedback(
            f"pair_winner does not pick your picture, but one that shows {picked}; yours is {place}{note}.",
            "the grader asks its own copy of the model, about the picture that belongs to my_name",
        )


@check(item=ITEM)
def the_pair_log_shows_a_search(student: Student, draw: Draw) -> None:
    """The log holds three different captions or more, the plain one of your picture and the winner among them."""
    target, log = _target(student), _log(student)
    tried = shared.different(log)
    hint = "capitals and punctuation do not make a caption different"
    if len(log) > 1 and all(entry == log[0] for entry in log):
        hint = "all entries are alike: the same caption each time, or one dict that every try changes?"
    expect.true(
        len(tried) >= shared.FEWEST_TRIES,
        f"pair_log holds too few different captions; at least {shared.FEWEST_TRIES} are asked for.",
        hint,
    )
    expect.true(
        pairs.PAIRS[target].caption in tried,
        "The plain caption of your picture is not in pair_log.",
        "it is the first thing to try; it misses, and how it misses belongs into the record",
    )
    expect.true(
        " ".join(shapes.words_of(_winner(student))) in tried, "pair_winner is not in pair_log.", "it was a try as well"
    )


@check(item=ITEM)
def the_pair_log_tells_what_was_picked(student: Student, draw: Draw) -> None:
    """Computed again from the captions alone, each try picks what its entry names, and your picture has that rank."""
    target = _target(student)
    for place, entry in enumerate(_log(student)):
        row, picked = ref.among_pairs([entry["caption"]])[0], entry["picked"]
        known = picked == round(picked) and 0 <= picked < len(row)
        expect.true(
            known and float(row.max() - row[int(picked)]) < shared.TIE,
            f"The caption in entry {place} of pair_log (from 0) picks another picture than stands there.",
            "every entry has to come from a try with the caption that stands in it",
        )
        low, high = shared.ranks_in(row, target)
        expect.true(
            low <= entry["rank"] <= high,
            f"The rank in entry {place} of pair_log (from 0) is not that of your picture.",
            "1 when it is picked, else one more than the number of pictures before it; yours is the one of my_name",
            f"{entry['rank']} {low}..{high}",
        )


def _misnamed(
    log: Sequence[Mapping[str, Any]], target: int, picks: Sequence[Sequence[int]], kinds: Kinds
) -> int | None:
    """The first entry with a kind that its caption does not have, or none; `picks` as in _counts_off."""
    for place, (entry, places) in enumerate(zip(log, picks, strict=True)):
        if entry["kind"] not in {kinds[target, picked] for picked in places}:
            return place
    return None


@check(item=ITEM)
def the_pair_log_names_each_kind(student: Student, draw: Draw) -> None:
    """Computed again from the captions alone, each entry names the kind of what its caption picks."""
    target, log = _target(student), _log(student)
    for place, entry in enumerate(log):
        expect.one_of(entry["kind"], pairs.KINDS_OF_PICK, what=f"The kind in entry {place} of pair_log")
    picks = ref.picks_of_pairs([entry["caption"] for entry in log], shared.TIE)
    asked = sorted({(target, picked) for places in picks for picked in places})
    first = _misnamed(log, target, picks, _true_kinds(asked))
    if first is not None and (own := _own_kinds(student, draw, asked)):
        first = first if _misnamed(log, target, picks, own) is not None else None
    if first is not None:
        raise Feedback(
            f"The kind in entry {first} of pair_log (from 0) is not that of what its caption picks.",
            "held against your picture, the one that belongs to my_name",
        )
