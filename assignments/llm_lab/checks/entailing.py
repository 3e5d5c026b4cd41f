"""Hidden checks of part 5: opinions about entailment that are known, and overlaps computed by counting."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from autograder.judge import Draw, Student, check, expect

Three = tuple[float, float, float]
YES, OPEN, NO = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
_LETTERS = "abcd e"


def _shares(ref: str, hyp: str, n: int) -> float:
    one, two = (Counter(text.lower()[k : k + n] for k in range(len(text) - n + 1)) for text in (ref, hyp))
    common = sum(min(count, two[piece]) for piece, count in one.items())
    return 2 * common / (sum(one.values()) + sum(two.values())) if common else 0.0


def _overlap(student: Student, ref: str, hyp: str, n: int | None, hint: str) -> None:
    got = expect.number(student.overlap(ref, hyp) if n is None else student.overlap(ref, hyp, n), what="the overlap")
    expect.close(got, _shares(ref, hyp, 3 if n is None else n), what="the overlap", hint=hint)


def _letters(draw: Draw, size: int) -> str:
    return "".join(draw.choice(_LETTERS) for _ in range(size))


@check(item="s004-1.10-overlap", points=2)
def overlap_is_f1_of_pieces(student: Student, draw: Draw) -> None:
    """The overlap of texts of different lengths is F1 of their pieces, in both orders."""
    for n in (2, 3, 1):
        one, two = _letters(draw, draw.integer(14, 18)), _letters(draw, draw.integer(24, 30))
        shared = one[:9]
        for ref, hyp in ((one, shared + two), (shared + two, one)):
            _overlap(student, ref, hyp, n, "precision and recall, and their harmonic mean; pieces overlap each other")


@check(item="s004-1.10-overlap", points=2)
def pieces_match_as_often_as_they_are_in_both(student: Student, draw: Draw) -> None:
    """A piece that one text has more often than the other counts as often as both have it."""
    many, few = draw.integer(5, 9), draw.integer(2, 3)
    for n in (1, 2):
        pairs = (("ab" * many, "ab" * few), ("ab" * few, "ab" * many), ("a" * many + "b", "b" * few + "a"))
        for ref, hyp in (*pairs, ("a" * 6, "a" * 4), ("a" * 5, "ba" + "a" * 7)):  # pieces that overlap themselves
            _overlap(student, ref, hyp, n, "each kind of piece counts no more often than in either text")


@check(item="s004-1.10-overlap")
def capitals_and_spaces_of_texts(student: Student, draw: Draw) -> None:
    """Capitals do not matter; spaces, also at the ends, digits and marks are letters."""
    text = f"a{_letters(draw, 10)}b {_letters(draw, 5)}c"
    for ref, hyp in ((text, text.upper()), (text, text.replace(" ", "")), (f"{text} d", text.upper())):
        _overlap(student, ref, hyp, 2, "lower case on both sides; pieces run across spaces")
    spaced = ((f" {text} ", text), (text.replace(" ", "  "), text))
    for ref, hyp in (*spaced, ("7 and 42", "24 and 7"), ("a-b, c", "ab c")):
        _overlap(student, ref, hyp, 2, "all that the texts have, spaces and all")


@check(item="s004-1.10-overlap")
def equal_different_and_short_texts(student: Student, draw: Draw) -> None:
    """The same text has 1, nothing in common is 0, and so are texts without a piece; n is 3 if nobody says
    otherwise."""
    text = _letters(draw, 12)
    for ref, hyp, n in (
        (text, text, None),
        ("aaaa", "bbbbb", None),
        ("ab", "abcd", None),
        ("ab", "ab", None),
        ("", "", 2),
        (text, "", 1),
        ("", text, None),
        (f"xyz{text}", text, None),
    ):
        _overlap(student, ref, hyp, n, "no matches, no overlap, and no error")


# --- s004-1.10 ---------------------------------------------------------------


def _score(student: Student, forth: Three, back: Three) -> float:
    opinion = student.tool("standin").made("Opinions", [("ref", "hyp", *forth), ("hyp", "ref", *back)])
    return expect.number(student.nli_score(opinion, "ref", "hyp"), what="the score")


def _mixed(draw: Draw, entailed: float, clashes: float) -> Three:
    return entailed, 1 - entailed - clashes, clashes


@check(item="s004-1.10", points=2)
def one_direction_is_not_enough(student: Student, draw: Draw) -> None:
    """If one text follows from the other and not the other way round, the score is well below that of both."""
    for forth, back in ((YES, OPEN), (OPEN, YES)):
        got = _score(student, forth, back)
        told = "What is left out" if forth == YES else "What is added"
        expect.true(got <= 0.75 + 1e-9, f"{told} costs nothing, or nearly nothing.", "does each follow from the other?")


@check(item="s004-1.10", points=2)
def identity_has_full_score(student: Student, draw: Draw) -> None:
    """If both follow for sure the score is 1, whatever words are used."""
    expect.close(
        _score(student, YES, YES),
        1.0,
        what="the score of the same meaning",
        hint="no more and no less than 1",
        rtol=1e-6,
    )
    numbers = student.tool("llm").part("numbers_nli")
    for ref, hyp in (("forty-two, seven", "7 and 42"), ("three hundred", "300")):
        got = expect.number(student.nli_score(numbers, ref, hyp), what="the score")
        expect.close(
            got, 1.0, what="the score of the same in other words", hint="what follows counts, and no letters", rtol=1e-6
        )


@check(item="s004-1.10", points=2)
def contradiction_costs_more_than_neutral(student: Student, draw: Draw) -> None:
    """With the same entailment, more contradiction, in either direction, gives a lower score; for sure it is 0."""
    hint = "the third probability, in both directions"
    expect.close(_score(student, NO, NO), 0.0, what="the score of a contradiction", hint=hint, atol=1e-6)
    sure = draw.uniform(0.45, 0.6)
    calm = _mixed(draw, sure, 0.0)
    hot = _mixed(draw, sure, 1 - sure - 0.05)
    best = _score(student, calm, calm)
    for forth, back in ((hot, hot), (calm, hot), (hot, calm)):
        expect.true(_score(student, forth, back) < best - 1e-3, "Contradiction costs no more than to be neutral.", hint)
    levels = [_mixed(draw, 0.4, clash + draw.uniform(0.0, 0.05)) for clash in (0.05, 0.12, 0.2, 0.28, 0.5)]
    calm = _mixed(draw, 0.4, 0.0)
    for pairs in ([(hot, hot) for hot in levels], [(hot, calm) for hot in levels], [(calm, hot) for hot in levels]):
        for here, there in pairwise([_score(student, forth, back) for forth, back in pairs]):
            # a score of 0 cannot fall
            expect.true(there < here - 1e-4 or here < 1e-6, "More contradiction gives no lower score.", hint)


@check(item="s004-1.10")
def score_is_graded(student: Student, draw: Draw) -> None:
    """The score rises with the probability of entailment, in both directions and in each."""
    levels = [_mixed(draw, draw.uniform(a, a + 0.04), 0.0) for a in (0.2, 0.3, 0.4, 0.52, 0.64, 0.76, 0.86, 0.95)]
    hint = "use the probabilities, and no threshold"
    both = [_score(student, one, one) for one in levels]
    for here, there in pairwise([*both, 1.0]):
        expect.true(here < there - 1e-3, "More entailment gives no higher score.", hint)
    for kept in (_score(student, levels[-2], levels[0]), _score(student, levels[0], levels[-2])):
        expect.true(kept < both[-2] - 1e-3, "More entailment in one direction gives no higher score.", hint)


@check(item="s004-1.10")
def reference_and_translation_change_places(student: Student, draw: Draw) -> None:
    """The score stays if reference and translation change places, and lies between 0 and 1."""
    for _ in range(3):
        forth, back = (_mixed(draw, draw.uniform(0.2, 0.9), draw.uniform(0.0, 0.1)) for _ in range(2))
        one, two = _score(student, forth, back), _score(student, back, forth)
        against = (_mixed(draw, draw.uniform(0.0, 0.2), draw.uniform(0.6, 0.8)) for _ in range(2))
        for score in (one, _score(student, *against), _score(student, OPEN, NO)):
            expect.true(-1e-9 <= score <= 1 + 1e-9, "A score lies outside of 0 and 1.")
        expect.same(one, two, what="the score with reference and translation exchanged", rtol=1e-9)


@check(item="s004-1.10")
def several_translations_have_their_mean(student: Student, draw: Draw) -> None:
    """The score of several translations is the mean of theirs, and their lists stay as they were; it raises ValueError
    if they are not as many as the references."""
    numbers = student.tool("llm").part("numbers_nli")
    refs = ["one, two", "three", "four", "five, six", "seven, eight, ten", "nine"]
    hyps = ["one, two", "nine", "4", "five", "7, 8, 10", "9"]
    each = [
        expect.number(student.nli_score(numbers, ref, hyp), what="the score")
        for ref, hyp in zip(refs, hyps, strict=True)
    ]
    told, after = student.with_inputs("corpus_score", numbers, refs, hyps)
    got = expect.number(told, what="the score of several translations")
    hint = "the mean of the single scores"
    expect.close(got, sum(each) / len(each), what="the score of several translations", hint=hint, rtol=1e-9)
    expect.unharmed([refs, hyps], after[1:], what="the texts")
    worse = expect.number(student.corpus_score(numbers, refs, [*hyps[1:], hyps[0]]), what="the score of others")
    expect.true(worse < got - 0.1, "Other translations, and as many, have the score of those before.", hint)
    for some, others in ((refs, hyps[:3]), (refs[:2], hyps)):
        raised = student.raised("corpus_score", numbers, some, others)
        expect.true(
            raised == "ValueError", "Texts that are not as many raise no ValueError.", "zip stops with the shorter one"
        )
