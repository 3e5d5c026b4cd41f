"""Hidden checks of byte-pair encoding: inputs are drawn so that one rule alone decides what comes out."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

from seq2kit.language import bytepairs

from autograder.judge import Draw, Feedback, NameMissing, NotData, Student, StudentRaised, check, expect

from . import bytepair as bp
from . import shared

_ITEM = "s000-5.1.9a-bpe"
_STRANGE = "żółw ☕", "数学は楽しい", "a👩‍🚀b", "\t\r\n\n x\0y ", "ñ", "  ", "e\u0301 ﬁ½ Å"


@check(item=_ITEM, points=2)
def the_most_frequent_pair_is_merged_next(student: Student, draw: Draw) -> None:
    """Each merge is the pair that comes most often by then: after a merge, pairs are counted again."""
    shared.written(student, "learn_bpe", {}, 1)
    for merges in (1, 2, 3):
        others = (*bp.TIES, *bp.OVERLAPS, *bp.WEIGHTS, *bp.JOINED)
        _learned(
            student,
            _words(draw, merges, same=others, other=bp.ONCE if merges > 1 else (), alike=True, nested=merges > 1),
            merges,
            hint="merge the pair everywhere, then count all pairs again; merge number k makes token 256 + k",
        )
    a, b, c, d, *rest = (chr(97 + int(place)) for place in draw.permutation(20)[:8])
    words = (a + b + c + d, a + b + c + d + rest[0], rest[1] + a + b, a + b + rest[2], c + d + rest[3])
    _learned(student, dict.fromkeys(words, draw.integer(2, 5)), 3, hint="two tokens that merges made are a pair, too")


@check(item=_ITEM)
def words_count_as_often_as_they_come(student: Student, draw: Draw) -> None:
    """A pair comes as often as the words that hold it, all together."""
    shared.written(student, "learn_bpe", {}, 1)
    words = _words(draw, 2, same=(*bp.TIES, *bp.OVERLAPS, *bp.ONCE, *bp.JOINED), other=bp.WEIGHTS)
    _learned(student, words, 2, hint="a word that comes five times holds each of its pairs five times")


@check(item=_ITEM)
def ties_go_to_the_smaller_numbers(student: Student, draw: Draw) -> None:
    """Of equally frequent pairs the one with the smaller first number is merged; then the smaller second one."""
    shared.written(student, "learn_bpe", {}, 1)
    for tie in bp.TIES:
        words = _words(draw, 2, same=(*bp.OVERLAPS, *bp.WEIGHTS, *bp.ONCE, *bp.JOINED), other=(tie,), alike=True)
        _learned(student, words, 2, hint="which of the pairs that come equally often do you take?")
    for tie in bp.MERGED_TIES:
        words = _words(draw, 3, same=(*bp.OVERLAPS, *bp.WEIGHTS, *bp.JOINED), other=(tie,), alike=True, first="a")
        _learned(student, words, 3, hint="ties go by the numbers of the tokens, and a merge has one of its own")


@check(item=_ITEM)
def neighbours_that_overlap(student: Student, draw: Draw) -> None:
    """Where a letter stands three times in a row its pair is counted twice, and merged from left to right."""
    shared.written(student, "merge_pair", [], (1, 2), 3)
    a, b = draw.integer(1, 40), draw.integer(50, 90)
    for tokens, pair in (
        ([a] * 5 + [b], (a, a)),
        ([b] + [a] * 3 + [b, a, a], (a, a)),
        ([a, b, a, b, b, a], (a, b)),
        ([b, a, b], (a, b)),
        ([a], (a, a)),
        ([], (a, b)),
        ([b, 100 + b, a + 10, 10 * (a + 10), b, a + 10], (b, a + 10)),  # written as digits they run together
    ):
        got, after = student.with_inputs("merge_pair", list(tokens), pair, 300)
        expect.unharmed([list(tokens), pair, 300], after, what="an argument of merge_pair")
        hint = "from left to right; a merged token is used once"
        _same(got, bp.merged(tokens, pair, 300), "the tokens of merge_pair(...)", hint)
    shared.written(student, "learn_bpe", {}, 1)
    for other in bp.OVERLAPS:
        same = (*bp.TIES, *bp.WEIGHTS, *bp.JOINED)
        words = _words(draw, 2, same=same, other=(other,), letters=2, alike=True)
        _learned(student, words, 2, hint="aaa holds the pair `a a` at two places, and becomes `256 a`")


@check(item=_ITEM)
def no_token_crosses_words(student: Student, draw: Draw) -> None:
    """Pairs are counted inside words and merged inside words: the end of one and the start of the next are no pair."""
    shared.written(student, "learn_bpe", {}, 1)
    words = _words(draw, 2, same=(*bp.TIES, *bp.OVERLAPS, *bp.WEIGHTS, *bp.ONCE), other=bp.JOINED, alike=True)
    _learned(student, words, 2, hint="the words of the table are no running text")
    x, y, z = draw.permutation(20)[:3] + 97
    shared.written(student, "bpe_encode", "", [])
    merges = [(32, int(x)), (int(y), 46), (256, int(y)), (32, 32)]
    text = f"{chr(y)}.{chr(x)} {chr(x)}{chr(y)}\n  {chr(x)}{chr(y)}. {chr(z)}   {chr(x)}{chr(z)}"
    got = _whole(student.bpe_encode(text, list(merges)), "the tokens of bpe_encode")
    if got != bp.encode(text, merges):  # what is wrong inside of a word costs other checks
        each = [student.bpe_encode(word, list(merges)) for word in bytepairs.words_of(text)]
        joined = [number for tokens in each for number in _whole(tokens, "the tokens of bpe_encode")]
        told = "The tokens of a text are not those of its words, one after the other."
        expect.true(bool(got) and got == joined, told, "encode word by word, as bytepairs.words_of cuts them")


@check(item=_ITEM)
def words_are_bytes(student: Student, draw: Draw) -> None:
    """The first tokens are the bytes of UTF-8: a letter beyond ASCII has several, and they can be merged."""
    shared.written(student, "learn_bpe", {}, 1)
    letters = "éñżł☕数"
    start = draw.integer(0, 2)
    for other in bp.READINGS:
        same = (*bp.TIES, *bp.MERGED_TIES, *bp.OVERLAPS, *bp.WEIGHTS, *bp.ONCE, *bp.JOINED)
        some = letters[start : start + 2] if other.read == "characters" else "aA"
        words = _words(draw, 2, same=same, other=(other,), alphabet=some + "bB", first=" ")
        _learned(student, words, 2, hint="word.encode() gives the bytes, of capitals, accents and spaces too")
    text = f"{letters[start]} {letters[start + 3]}"
    got = student.bpe_encode(text, [])
    _same(got, list(text.encode()), "the tokens of a text without any merges", "text.encode() gives the bytes")


@check(item=_ITEM, points=2)
def encoding_follows_the_learned_order(student: Student, draw: Draw) -> None:
    """Merges are made in the order in which they were learned, everywhere in a word, whichever token is longest."""
    shared.written(student, "bpe_encode", "", [])
    for slip in (bp.longest_first, bp.leftmost_first):
        for count in (5, 9):

            def made(count: int = count) -> tuple[str, list[bp.Pair]]:
                words = [_word(draw, "abc", 3, 7) for _ in range(6)]
                learned = bp.learn({" " + word: 1 for word in words}, count)
                return " ".join(_word(draw, "abc", 2, 9) for _ in range(4)), learned

            text, merges = bp.drawn(made, lambda case, slip=slip: bp.encode(*case) != slip(*case))  # type: ignore[misc]
            got, after = student.with_inputs("bpe_encode", text, list(merges))
            expect.unharmed([text, list(merges)], after, what="an argument of bpe_encode")
            hint = "of the pairs in a word, which was learned first? merge it wherever it stands, and look again"
            _same(got, bp.encode(text, merges), "the tokens of bpe_encode", hint)
            fewer = student.bpe_encode(text, list(merges[: count // 2]))
            hint = "does anything stay from the call before?"
            _same(fewer, bp.encode(text, merges[: count // 2]), "the tokens of a text with fewer merges", hint)


@check(item=_ITEM, points=2)
def every_text_comes_back(student: Student, draw: Draw) -> None:
    """Decoding what was encoded gives the text, whatever it holds: other alphabets, spaces, an empty text."""
    shared.written(student, "bpe_encode", "", [])
    shared.written(student, "bpe_decode", [], [])
    merges = bp.learn({" " + _word(draw, "abc", 3, 6): 1, "\u00f1\u00f1": 3}, 6)
    texts = [" ".join(_word(draw, "abcż☕", 1, 5) for _ in range(5)), *_STRANGE, ""]
    for text in texts:
        ids = student.bpe_encode(text, list(merges))
        numbers = _whole(ids, "the tokens of bpe_encode")
        expect.true(
            all(0 <= number < 256 + len(merges) for number in numbers), "bpe_encode makes a token that does not exist."
        )
        back = expect.text(student.bpe_decode(list(numbers), list(merges)), what="bpe_decode(...)")
        if back != text and b"".join(bp.spelled(merges)[n] for n in numbers) == text.encode():
            continue  # the tokens are right: what decodes them costs a check of its own
        expect.true(
            back == text,
            "A text does not come back from its tokens as it was.",
            "is a byte lost on the way: of a space, an accent, a sign that was never seen?",
        )


@check(item=_ITEM)
def tokens_are_spelled_out(student: Student, draw: Draw) -> None:
    """Decoding joins the bytes of all tokens first: a letter may lie in two of them, and what is none is replaced."""
    shared.written(student, "bpe_decode", [], [])
    merges = bp.learn({_word(draw, "abcd", 5, 8): 1, "éa☕": 2}, 7)
    spelled = bp.spelled(merges)
    chosen = [draw.integer(256, 255 + len(merges)) for _ in range(4)]
    spaces = [list(text.encode()) for text in (*_STRANGE, "  a ", "\n\ta\r\n")]
    for ids in ([*chosen, 32, *chosen[:2]], [97, *"☕é".encode(), 98], [0xE2, 0x98, 97, 0xFF], [0xA9], [], *spaces):
        got, after = student.with_inputs("bpe_decode", list(ids), list(merges))
        expect.unharmed([list(ids), list(merges)], after, what="an argument of bpe_decode")
        want = b"".join(spelled[number] for number in ids).decode("utf-8", errors="replace")
        hint = "put all bytes together, and only then read them as UTF-8, with errors replaced"
        if max(ids, default=0) < 128:
            hint = "each byte is spelled, a space at either end too"
        expect.true(
            expect.text(got, what="bpe_decode(...)") == want, "The text of some tokens is not what they spell.", hint
        )
    others = [(b, a) for a, b in merges]
    made = list(range(256, 256 + len(merges)))
    again = expect.text(student.bpe_decode(made, list(others)), what="bpe_decode(...)")
    want = b"".join(bp.spelled(others)[256:]).decode("utf-8", errors="replace")
    told = "With other merges the same numbers do not spell what these merges make of them."
    expect.true(again == want, told, "does anything stay from the call before?")


@check(item=_ITEM)
def compression_counts_bytes(student: Student, draw: Draw) -> None:
    """bytes_per_token is the bytes of a text per token of its own."""
    shared.written(student, "bytes_per_token", "a", [])
    word = _word(draw, "abcd", 5, 8)
    merges = bp.learn({word: 1}, 4)
    word += "z" * (-len(bp.encode(word, merges)) % 7)  # sevenths end at no digit
    merges.append((0xC3, 0xA9))  # one token for the two bytes of é
    for text in (word, "z" * len(word), "é☕ " + word[1:] + "\n\n", "x"):  # the second: as long, and nothing to merge
        counts = [len(bp.encode(text, merges))]
        with contextlib.suppress(Feedback, NameMissing, StudentRaised, NotData):  # wrong tokens cost other checks
            counts.append(len(_whole(student.bpe_encode(text, list(merges)), "it")))
        got = expect.number(student.bytes_per_token(text, list(merges)), what="bytes_per_token(...)")
        expect.true(
            any(count > 0 and abs(got * count / len(text.encode()) - 1) < 1.2e-7 for count in counts),
            "bytes_per_token is not the number of bytes per token.",
            "bytes above, tokens below; a letter may have several bytes",
        )


@check(item=_ITEM)
def learning_ends_where_nothing_is_left(student: Student, draw: Draw) -> None:
    """Fewer merges come back where words run out of pairs; none are asked for, or there is none; words are unharmed."""
    shared.written(student, "learn_bpe", {}, 1)
    word, long = ("".join(chr(97 + int(place)) for place in draw.permutation(20)[:size]) for size in (4, 15))
    for words, merges, want in (
        ({word[:2]: 1}, 6, 1),
        ({word[:3]: 2, word[3]: 1}, 9, 2),
        ({word[0]: 4}, 3, 0),
        ({word: 2}, 0, 0),
        ({}, 2, 0),
        ({long: 3}, 40, len(long) - 1),
    ):
        got, after = student.with_inputs("learn_bpe", dict(words), merges)
        expect.unharmed([words, merges], after, what="an argument of learn_bpe")
        hint = "stop when no word has two tokens left; a pair that comes once is a pair"
        expect.true(len(_pairs(got)) == want, "learn_bpe does not give as many merges as there are.", hint)
    words = _words(draw, 3, same=(*bp.TIES, *bp.OVERLAPS), other=())
    first = _pairs(student.learn_bpe(dict(words), 3))
    student.learn_bpe({long: 2, word: 3, **dict.fromkeys(words, 4)}, 5)
    again = _pairs(student.learn_bpe(dict(words), 3))
    expect.true(first == again, "learn_bpe gives something else for the same words when it is called again.")


def _word(draw: Draw, letters: str, least: int, most: int) -> str:
    return "".join(letters[draw.integer(0, len(letters) - 1)] for _ in range(draw.integer(least, most)))


def _words(
    draw: Draw,
    merges: int,
    *,
    same: Sequence[bp.Rules],
    other: Sequence[bp.Rules],
    letters: int = 4,
    alphabet: str = "",
    first: str = "",
    alike: bool = False,
    nested: bool = False,
) -> dict[str, int]:
    """Words whose merges are the same under the rules of `same`, and others under each of `other`. alike: all words
    come equally often; nested: a merge holds a token that another one made; alphabet: their letters; first: what
    some words begin with."""
    shift = draw.integer(0, 20)
    alphabet = alphabet or first + "".join(chr(97 + shift + k) for k in range(letters))
    each = draw.integer(2, 5)

    def made() -> dict[str, int]:
        found = [first * draw.integer(0, 1) + _word(draw, alphabet, 2, 6) for _ in range(draw.integer(4, 7))]
        return {word: each if alike else draw.integer(1, 9) for word in found}

    def wanted(words: dict[str, int]) -> bool:
        right = bp.learn(words, merges)
        return (
            len(right) == merges
            and (not nested or any(max(pair) > 255 for pair in right))
            and all(bp.learn(words, merges, rules) == right for rules in same)
            and all(bp.learn(words, merges, rules) != right for rules in other)
        )

    return bp.drawn(made, wanted)


def _learned(student: Student, words: dict[str, int], merges: int, *, hint: str) -> None:
    got = _pairs(student.learn_bpe(dict(words), merges))
    expect.true(len(got) == merges, "learn_bpe does not give as many merges as were asked for.")
    expect.true(got == bp.learn(words, merges), "The merges are not those of the rules.", hint)


def _pairs(value: Any) -> list[bp.Pair]:
    """Merges as pairs of whole numbers."""
    if isinstance(value, (list, tuple)) and not value:
        return []
    numbers = expect.array(value, what="the merges of learn_bpe")
    if not numbers.size:
        return []
    expect.true(numbers.ndim == 2 and numbers.shape[1] == 2, "learn_bpe should give a list of pairs of numbers.")
    expect.numbers(numbers, what="the merges of learn_bpe")
    return [(int(a), int(b)) for a, b in numbers.tolist()]


def _whole(value: Any, what: str) -> list[int]:
    """A list of whole numbers; Feedback for anything else."""
    if isinstance(value, (list, tuple)) and not value:
        return []
    numbers = expect.array(value, what=what)
    expect.true(numbers.ndim == 1, f"{what} should be a list of numbers.")
    expect.numbers(numbers, what=what)
    found: list[float] = numbers.tolist()
    expect.true(all(number == int(number) for number in found), f"{what} should be whole numbers.")
    return [int(number) for number in found]


def _same(got: Any, want: Sequence[int], what: str, hint: str) -> None:
    expect.true(_whole(got, what) == list(want), f"{what[0].upper()}{what[1:]} are not those of the rules.", hint)
