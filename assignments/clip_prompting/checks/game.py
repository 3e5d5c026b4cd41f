"""Hidden checks of Part 2: one try, and the search for a caption. The grader asks its own copy of the model."""

from __future__ import annotations

from typing import Any

from seq2kit.clip import shapes

from autograder.judge import Draw, Feedback, NameMissing, Student, check, expect

from . import reference as ref
from . import shared

# --- s001-4.2-try ----------------------------------------------------------


def _tried(student: Student, caption: str, target: int) -> dict[str, Any]:
    found: dict[str, Any] = shared.record(student.try_caption(caption, target), what=f"try_caption({caption!r}, ...)")
    return found


@check(item="s001-4.2-try", points=2)
def the_picture_that_fits_best_is_picked(student: Student, draw: Draw) -> None:
    """picked is the picture of the gallery that is most similar to the caption."""
    hint = "the picture with the highest probability among all 500, by its number in the gallery"
    strange = "a word that the model does not know is read as well: embed the caption as it is given"
    tries = [(caption, hint) for caption in shared.clear_captions(draw, 12)]
    for caption, told in (*tries, (shared.strange_caption(draw), strange)):
        found = _tried(student, caption, draw.integer(0, 499))
        expect.true(
            found["picked"] == ref.picks([caption])[0],
            f"{caption!r} picks another picture than your record says.",
            told,
        )


def _has_two_digits(prob: float) -> bool:
    """Whether it was rounded as one writes it down, which the notebook allows in the log."""
    return abs(100 * prob - round(100 * prob)) < 1e-4


@check(item="s001-4.2-try", points=2)
def the_probability_is_one_among_all_pictures(student: Student, draw: Draw) -> None:
    """prob is the softmax over the 500 pictures, at the picture that is picked."""
    for caption in shared.clear_captions(draw, 6):
        found = _tried(student, caption, draw.integer(0, 499))
        wanted = float(ref.gallery_probabilities([caption]).max())
        expect.true(
            abs(found["prob"] - wanted) < (shared.TWO_DIGITS if _has_two_digits(found["prob"]) else 1e-3),
            f"prob for {caption!r} is not the probability of what it picks.",
            "softmax of scale times cosine, over the pictures; the entry of the picked one",
            f"got {found['prob']} wanted {wanted}",
        )


@check(item="s001-4.2-try", points=2)
def the_rank_counts_the_pictures_before_it(student: Student, draw: Draw) -> None:
    """rank is one more than the number of pictures that fit the caption better than the target does."""
    for caption in shared.clear_captions(draw, 5):
        row = ref.in_gallery([caption])[0].argsort(descending=True)
        for place in (0, 1, draw.integer(2, 40), draw.integer(41, 497), 499):
            target = int(row[place])
            low, high = shared.rank_bounds(caption, target)
            found = _tried(student, caption, target)["rank"]
            expect.true(
                low <= found <= high,
                f"The rank of a target is wrong for {caption!r}.",
                "1 for the best; count the pictures that fit better than the target",
                f"got {found} wanted {low}..{high} for picture {target}",
            )


@check(item="s001-4.2-try")
def a_try_is_recorded_as_it_was_made(student: Student, draw: Draw) -> None:
    """The record holds the caption letter for letter, and a picked picture and rank that are whole numbers."""
    for caption in (
        " Two SMALL  red rings, please!",
        f"one zorp {draw.choice(shapes.COLOURS)} wedge",
        "there is a picture of the two small red rings " * 2,
    ):
        found = _tried(student, caption, draw.integer(0, 499))
        expect.true(
            found["caption"] == caption,
            "The caption in the record is not the one that was tried.",
            "record it as it was given, capitals, punctuation and spaces included",
        )
        for key in ("picked", "rank"):
            expect.true(found[key] == round(found[key]), f"{key} should be a whole number.")
        expect.true(0 <= found["picked"] <= 499, "picked should be the number of a picture, 0 to 499.")
        expect.true(1 <= found["rank"] <= 500, "rank should be from 1 to 500: 1 is the best.")
        expect.true(0 < found["prob"] <= 1, "prob should lie between 0 and 1.")


@check(item="s001-4.2-try")
def tries_do_not_influence_each_other(student: Student, draw: Draw) -> None:
    """A try gives the same again after others, whatever the target; and other captions pick other pictures."""
    one, two, three = shared.clear_captions(draw, 3)
    target = draw.integer(0, 499)
    first = _tried(student, one, target)
    others = [_tried(student, caption, draw.integer(0, 499)) for caption in (two, three, "one large blue cross")]
    again, elsewhere = _tried(student, one, target), _tried(student, one, ref.picks([one])[0])
    expect.true(
        all(abs(first[k] - again[k]) < 1e-6 for k in ("picked", "prob", "rank")),
        "The same try gives another record the second time.",
        "does it keep something between calls?",
    )
    expect.true(
        all(abs(first[k] - elsewhere[k]) < 1e-6 for k in ("picked", "prob")),
        "What is picked depends on the target.",
        "the target only decides which rank is recorded",
    )
    expect.true(len({entry["picked"] for entry in (first, *others)}) > 1, "All captions pick the same picture.")


# --- s001-4.2 --------------------------------------------------------------


def _target(student: Student) -> int:
    """The picture that belongs to the student's name. Raises Feedback when there is no name."""
    return shapes.target_for(shared.name_of(student))


def _caption(student: Student) -> str:
    return shared.caption_in(student, "winning_caption")


def _log(student: Student) -> list[dict[str, Any]]:
    found = shared.log_in(student, "log")
    ref.model().embed_texts([entry["caption"] for entry in found])  # all at once, to be looked up one by one
    return found


@check(item="s001-4.2")
def the_target_belongs_to_the_name(student: Student, draw: Draw) -> None:
    """my_target is the picture that belongs to my_name."""
    target = _target(student)
    expect.true(
        expect.number(student.value("my_target"), what="my_target") == target,
        "my_target is not the picture that belongs to my_name.",
        "shapes.target_for(my_name) gives it; every name has its picture",
    )


@check(item="s001-4.2", points=4)
def the_caption_wins_the_gallery(student: Student, draw: Draw) -> None:
    """In the grader's own computation, winning_caption fits your picture better than all 499 others."""
    target, caption = _target(student), _caption(student)
    low, _ = shared.rank_bounds(caption, target)
    if low > 1:
        picked = shapes.gallery().captions[ref.picks([caption])[0]]
        note = " (some of its words the model does not know)" if ref.model().unknown_words(caption) else ""
        place = next((f"among the first {most}" for most in (3, 10, 30, 100) if low <= most), "far behind")
        raise Feedback(
            f"winning_caption does not pick your picture, but one that shows {picked}; yours is {place}{note}.",
            "the grader asks its own copy of the model; does yours still hold the shipped weights and gallery?",
        )


@check(item="s001-4.2")
def the_caption_is_not_taboo(student: Student, draw: Draw) -> None:
    """winning_caption lacks at least one of the four words of the plain caption, and is read to its end."""
    scene, caption = shapes.gallery().scenes[_target(student)], _caption(student)
    expect.true(
        not shapes.is_taboo(caption, scene),
        f"winning_caption is the plain caption in disguise: all of {', '.join(scene.words)} are in it.",
        "capitals, punctuation, order, and words around it change nothing: do without one of the four",
    )
    shared.read_whole(ref.model(), caption, "winning_caption")
    shared.knows_a_word(ref.model(), caption, "winning_caption")


@check(item="s001-4.2")
def the_log_shows_a_search(student: Student, draw: Draw) -> None:
    """The log holds three different captions or more, the winner and a failure among them, or says that none failed."""
    target, log = _target(student), _log(student)
    different = shared.different(log)
    hint = "capitals and punctuation do not make a caption different"
    if len(log) > 1 and all(entry == log[0] for entry in log):
        hint = "all entries are alike: the same caption each time, or one dict that try_caption changes each time?"
    expect.true(
        len(different) >= shared.FEWEST_TRIES,
        f"The log holds too few different captions; at least {shared.FEWEST_TRIES} are asked for.",
        hint,
    )
    won = " ".join(shapes.words_of(_caption(student)))
    expect.true(won in different, "winning_caption is not in the log.", "it was a try as well")
    failed = any(k != target for k in ref.picks(list(different.values())))
    try:
        none_failed = expect.boolean(student.value("none_failed"), what="none_failed")
    except NameMissing:
        none_failed = False
    expect.true(
        failed or none_failed,
        "No caption in the log failed; a search shows its failures, at least one.",
        "go on after the first success: what comes near and fails? If nothing does, none_failed says so",
    )
    expect.true(not (failed and none_failed), "A caption in the log failed, yet none_failed says that none did.")


@check(item="s001-4.2", points=2)
def the_log_tells_which_pictures_were_picked(student: Student, draw: Draw) -> None:
    """Computed again from the captions alone, each try picks the picture that its entry names."""
    _target(student)
    for place, entry in enumerate(_log(student)):
        row = ref.in_gallery([entry["caption"]])[0]
        picked = entry["picked"]
        known = picked == round(picked) and 0 <= picked < len(row)
        expect.true(
            known and float(row.max() - row[int(picked)]) < shared.TIE,
            f"The caption in entry {place} of the log (from 0) picks another picture than stands there.",
            "every entry has to come from a call of try_caption with the caption that stands in it; if it "
            "does, mend try_caption or what it calls",
        )


@check(item="s001-4.2")
def the_log_tells_how_likely_they_were(student: Student, draw: Draw) -> None:
    """Computed again, each entry's probability is that of the picked picture among all 500."""
    _target(student)
    for place, entry in enumerate(_log(student)):
        wanted = float(ref.gallery_probabilities([entry["caption"]]).max())
        expect.true(
            abs(entry["prob"] - wanted) < shared.TWO_DIGITS,
            f"The probability in entry {place} of the log (from 0) is not the one that the model gives.",
            "of the picture that is picked, with the softmax over the pictures",
            f"{entry['prob']} {wanted}",
        )


@check(item="s001-4.2")
def the_log_tells_how_close_each_try_came(student: Student, draw: Draw) -> None:
    """Computed again, each entry's rank is that of your picture."""
    target = _target(student)
    for place, entry in enumerate(_log(student)):
        low, high = shared.rank_bounds(entry["caption"], target)
        expect.true(
            low <= entry["rank"] <= high,
            f"The rank in entry {place} of the log (from 0) is not that of your picture.",
            "1 when it is picked, else one more than the number of pictures before it",
            f"{entry['rank']} {low}..{high}",
        )
