"""Hidden checks of 4.2 to 4.4: measures on texts whose measures are known, and debates that are held again."""

from __future__ import annotations

import math
from typing import Any

from seq2kit.lab import debates

from autograder.judge import Draw, Feedback, Handle, Student, check, expect

from .debating import THINGS

# --- s004-2.4-distinct -------------------------------------------------------


def _distinct(texts: list[str], n: int) -> float:
    grams = [
        tuple(words[k : k + n]) for words in (text.lower().split() for text in texts) for k in range(len(words) - n + 1)
    ]
    return len(set(grams)) / len(grams) if grams else 0.0


def _measured(student: Student, texts: list[str], n: int, hint: str) -> None:
    got = expect.number(student.distinct_n(texts, n), what="distinct-n")
    expect.close(got, _distinct(texts, n), what="distinct-n", hint=hint)


def _sentence(draw: Draw, size: int) -> str:
    return " ".join(draw.choice(("a", "bee", "sees", "no", "end", "ab")) for _ in range(size))


def _told_apart(draw: Draw, sizes: tuple[int, ...], n: int) -> list[str]:
    """Texts of so many words whose share is neither that of one long text nor that without the last word of each."""
    while True:
        texts = [_sentence(draw, size) for size in sizes]
        others = [" ".join(texts)], [text.rpartition(" ")[0] for text in texts]
        if all(abs(_distinct(texts, n) - _distinct(other, n)) > 0.01 for other in others):
            return texts


@check(item="s004-2.4-distinct", points=2)
def share_of_different_ngrams(student: Student, draw: Draw) -> None:
    """Different n-grams of words over all n-grams of words, for n of 1, 2 and 3."""
    for n in (1, 2, 3):
        texts = [_sentence(draw, draw.integer(4, 12)) for _ in range(draw.integer(2, 5))]
        _measured(student, texts, n, "n-grams of words, counted over all texts together")


@check(item="s004-2.4-distinct")
def texts_do_not_join_up(student: Student, draw: Draw) -> None:
    """N-grams lie within one text; texts shorter than n add none."""
    for n in (2, 3):
        texts = _told_apart(draw, (1, 5, n - 1, 1, n, 4), n)
        _measured(student, texts, n, "n-grams of one text after the other, not of one long text")


@check(item="s004-2.4-distinct")
def same_and_different_texts(student: Student, draw: Draw) -> None:
    """All the same is near 0, all different is 1."""
    size = draw.integer(20, 60)
    for n in (1, 2):
        _measured(student, ["yes " * size], n, "one different n-gram of many")
        _measured(student, [" ".join(f"w{k}" for k in range(size))], n, "each n-gram is another one")
        _measured(student, ["the same words again"] * 5, n, "texts that repeat each other repeat")


@check(item="s004-2.4-distinct")
def capitals_spaces_and_letters(student: Student, draw: Draw) -> None:
    """Capitals and the number of spaces do not matter; words are compared, with the marks at them, not letters."""
    _measured(student, ["Dogs bark loudly", "dogs   BARK  quietly"], 2, "text.lower().split()")
    _measured(student, ["ab ba aab", "bba abb"], 1, "words, and not letters")
    _measured(student, ["no bees", "nob ees", "bees no", "No bees"], 2, "the same words in the same order")
    _measured(student, ["Dogs bark.", "dogs bark", "dogs, bark"], 1, "words are what text.lower().split() gives")


@check(item="s004-2.4-distinct")
def nothing_is_no_variety(student: Student, draw: Draw) -> None:
    """Without n-grams it is 0."""
    for texts, n in (([], 1), ([""], 1), (["one two", "three"], 3), ([" "], 2)):
        _measured(student, texts, n, "no n-grams: 0, and no error")


@check(item="s004-2.4-distinct")
def measured_texts_stay_as_they_were(student: Student, draw: Draw) -> None:
    """The list of texts is the caller's, and what is in it."""
    texts = [_sentence(draw, size).title() for size in (4, 2, 5)]
    _, after = student.with_inputs("distinct_n", texts, 2)
    expect.unharmed(texts, after[0], what="the list of texts")


# --- s004-2.4-contradiction --------------------------------------------------


def _opinions(draw: Draw, pros: list[str], cons: list[str], clashes: set[tuple[str, str]]) -> list[list[Any]]:
    """Rows for all ordered pairs of a pro and a con; those in `clashes` contradict."""
    rows = []
    for pro in pros:
        for con in cons:
            for one, other in ((pro, con), (con, pro)):
                sure = draw.uniform(0.55, 0.9) if (one, other) in clashes else draw.uniform(0.1, 0.45)
                rows.append([one, other, (1 - sure) / 4, 3 * (1 - sure) / 4, sure])
    return rows


def _rate(student: Student, rows: list[list[Any]], pros: list[str], cons: list[str], want: float, hint: str) -> Handle:
    opinion = student.tool("standin").made("Opinions", rows)
    got = expect.number(student.contradiction_rate(opinion, pros, cons), what="the contradiction rate")
    expect.close(got, want, what="the contradiction rate", hint=hint)
    return opinion


@check(item="s004-2.4-contradiction", points=2)
def pairs_that_clash_are_counted(student: Student, draw: Draw) -> None:
    """The share of pairs of a pro and a con that contradict each other in both orders."""
    pros, cons = ["safe", "quick", "calm"], ["risky", "slow"]
    for count in (1, 3):
        chosen = [(pros[k // 2], cons[k % 2]) for k in draw.permutation(6).tolist()[:count]]
        clashes = {pair for one, other in chosen for pair in ((one, other), (other, one))}
        _rate(student, _opinions(draw, pros, cons, clashes), pros, cons, count / 6, "pairs that contradict / all pairs")


@check(item="s004-2.4-contradiction", points=2)
def one_order_is_enough(student: Student, draw: Draw) -> None:
    """A pair counts once if it contradicts in one order only, whichever it is."""
    pros, cons = ["safe", "quick"], ["risky", "slow", "loud"]
    forth, back = {("safe", "risky"), ("quick", "loud")}, {("slow", "safe"), ("loud", "quick"), ("risky", "quick")}
    for clashes, want in ((forth, 2 / 6), (back, 3 / 6), (forth | back, 4 / 6)):
        _rate(
            student, _opinions(draw, pros, cons, clashes), pros, cons, want, "nli is not symmetric: ask in both orders"
        )


@check(item="s004-2.4-contradiction")
def sides_do_not_clash_with_themselves(student: Student, draw: Draw) -> None:
    """Points of one side are not compared with each other."""
    pros, cons = ["safe", "quick"], ["risky", "slow"]
    rows = _opinions(draw, pros, cons, {("safe", "risky")})
    rows += [[one, other, 0.0, 0.1, 0.9] for one, other in (pros, pros[::-1], cons, cons[::-1])]
    _rate(student, rows, pros, cons, 1 / 4, "one point for, one point against")


@check(item="s004-2.4-contradiction")
def likely_is_above_one_half(student: Student, draw: Draw) -> None:
    """What counts is a probability of contradiction above one half, and not that it is the largest of the three, or
    that nothing is entailed."""
    rows = [
        ["safe", "risky", 0.3, 0.3, 0.4], ["risky", "safe", 0.28, 0.28, 0.44], ["safe", "slow", 0.0, 1.0, 0.0],
        ["quick", "slow", 0.1, 0.36, 0.54], ["slow", "quick", 0.9, 0.1, 0.0], ["quick", "risky", 0.6, 0.35, 0.05],
        ["slow", "safe", 0.0, 0.5, 0.5],
    ]  # fmt: skip
    _rate(student, rows, ["safe", "quick"], ["risky", "slow"], 1 / 4, "the third probability, above 0.5")


@check(item="s004-2.4-contradiction")
def no_pairs_no_contradictions(student: Student, draw: Draw) -> None:
    """Where a side is empty the rate is 0; a point that is said twice makes two pairs, what both sides say makes
    pairs, too, and the points stay as they were."""
    rows = _opinions(draw, ["safe"], ["risky"], {("safe", "risky"), ("risky", "safe")})
    for pros, cons in (([], ["risky"]), (["safe"], []), ([], [])):
        _rate(student, rows, list(pros), list(cons), 0.0, "no pairs: 0, and no error")
    _rate(student, rows, ["safe", "safe", "calm"], ["risky"], 2 / 3, "each pair counts")
    _rate(student, rows, ["safe", "risky"], ["risky", "safe", "calm"], 2 / 6, "each pair counts, whatever it says")
    opinion, sides = student.tool("standin").made("Opinions", rows), [["safe", "calm"], ["risky", "loud"]]
    _, after = student.with_inputs("contradiction_rate", opinion, *sides)
    expect.unharmed(sides, after[1:], what="the points")


# --- s004-2.4 ----------------------------------------------------------------

_ENTRIES = ("topic", "seed", "before", "after")
Row = dict[str, Any]


def _rows(value: Any, what: str) -> list[Row]:
    if not isinstance(value, (list, tuple)):
        raise Feedback(f"{what} should be a list of rows.", "a dictionary for each topic and seed")
    expect.modest(len(value), 5000, what=what)
    rows = [expect.mapping(row, _ENTRIES, what=f"a row of {what}") for row in value]
    return [
        {
            "topic": expect.text(row["topic"], what="a topic"),
            **{key: expect.number(row[key], what=f"`{key}` of a row") for key in _ENTRIES[1:]},
        }
        for row in rows
    ]


@check(item="s004-2.4", points=2)
def trials_are_pairs(student: Student, draw: Draw) -> None:
    """A row for each topic and each seed, with the points of the debate on that topic with that seed, before and
    after."""
    topics = [THINGS[k] for k in draw.permutation(len(THINGS)).tolist()[:3]]
    seeds = [draw.integer(1, 50), draw.integer(60, 90)]
    before, after = draw.uniform(0.1, 0.4), draw.uniform(0.8, 1.3)
    held: list[Any] = []
    want: list[tuple[Any, ...]] = []
    for topic in topics:
        for seed in seeds:
            sizes = [(draw.integer(0, 3), draw.integer(0, 3)) for _ in range(2)]
            if len(want) < 2:  # nothing at all, and no change
                sizes = [[(0, 0), (0, 0)], [(1, 2), (2, 1)]][len(want)]
            for heat, (pros, cons) in zip((before, after), sizes, strict=True):
                held.append((topic, heat, seed, ["p"] * pros, ["c"] * cons))
            want.append((topic, float(seed), float(sum(sizes[0])), float(sum(sizes[1]))))
    debater = student.tool("standin").made("Debater", held)
    rows = _rows(student.trial(debater, topics, seeds, before, after), "the trial")
    found = [tuple(row[key] for key in _ENTRIES) for row in rows]
    hint = "the same topics and the same seeds before and after, every topic with every seed"
    expect.true(len(found) == len(want), "The trial has another number of rows than topics times seeds.", hint)
    expect.true(sorted(found) == sorted(want), "A row of the trial does not hold the points of its debates.", hint)


def _told(student: Student, changes: list[float]) -> dict[str, Any]:
    held = [6.0 if change < 0 else 0.0 for change in changes]
    rows = [
        {"topic": "bees", "seed": k, "before": before, "after": before + change}
        for k, (before, change) in enumerate(zip(held, changes, strict=True))
    ]
    return expect.mapping(student.summary(rows), ("mean", "rose", "fell", "p", "verdict"), what="the summary")


def _sign_test(rose: int, fell: int) -> float:
    n = rose + fell
    return min(1.0, float(2 * sum(math.comb(n, k) for k in range(min(rose, fell) + 1)) / 2**n))


def _changes(draw: Draw, rose: int, fell: int, same: int) -> list[float]:
    plain = (
        [float(draw.integer(1, 3)) for _ in range(rose)]
        + [-float(draw.integer(1, 2)) for _ in range(fell)]
        + [0.0] * same
    )
    return [plain[k] for k in draw.permutation(len(plain)).tolist()] if len(plain) > 1 else plain


@check(item="s004-2.4")
def changes_are_counted(student: Student, draw: Draw) -> None:
    """How many rows rose and fell, and the mean change over all rows, those without a change too."""
    for rose, fell, same in ((4, 2, 3), (1, 5, 2), (3, 0, 0)):
        changes = _changes(draw, rose, fell, same)
        told = _told(student, changes)
        for key, want in (("rose", rose), ("fell", fell)):
            expect.close(
                expect.number(told[key], what=f"`{key}`"),
                want,
                what=f"`{key}` of the summary",
                hint="after - before, by its sign",
            )
        mean = expect.number(told["mean"], what="the mean")
        expect.close(
            mean, sum(changes) / len(changes), what="the mean change", hint="over all rows", rtol=1e-9, atol=1e-9
        )


@check(item="s004-2.4", points=2)
def sign_test_by_its_formula(student: Student, draw: Draw) -> None:
    """p is that of the sign test, in both directions; rows without a change say nothing."""
    for rose, fell, same in ((5, 0, 0), (1, 7, 2), (6, 3, 4), (draw.integer(9, 12), draw.integer(1, 3), 1), (0, 6, 1)):
        told = _told(student, _changes(draw, rose, fell, same))
        p = expect.number(told["p"], what="p")
        expect.close(
            p,
            _sign_test(rose, fell),
            what="p of the sign test",
            hint="the smaller count, the sum of both, twice",
            rtol=1e-9,
        )


@check(item="s004-2.4")
def nothing_changed_nothing_found(student: Student, draw: Draw) -> None:
    """Without rows, without a change, or with as many up as down, p is 1 and nobody can tell. Rows, topics and seeds
    stay as they were."""
    rows = [{"topic": "bees", "seed": k, "before": 3, "after": after} for k, after in enumerate((5, 3, 2))]
    _, after = student.with_inputs("summary", rows)
    expect.unharmed(rows, after[0], what="the rows")
    debater, grid = student.tool("standin").made("Debater", []), [["bees", "cars"], [3, 1]]
    _, after = student.with_inputs("trial", debater, *grid, 0.1, 0.9)
    expect.unharmed(grid, after[1:3], what="the topics or the seeds")
    for changes in ([], [0.0, 0.0], [1.0, -1.0], _changes(draw, 3, 3, 1)):
        told = _told(student, changes)
        expect.close(
            expect.number(told["p"], what="p"),
            1.0,
            what="p where nothing is lopsided",
            hint="at most 1; of nothing it is 1",
        )
        said = expect.one_of(told["verdict"], ("better", "worse", "cannot tell"), what="the verdict")
        expect.true(said == "cannot tell", "A verdict is given where nothing is lopsided.")
    expect.close(expect.number(_told(student, [])["mean"], what="the mean"), 0.0, what="the mean without rows")


@check(item="s004-2.4", points=2)
def verdicts_follow_the_data(student: Student, draw: Draw) -> None:
    """Better or worse is said if p is at most 0.05, by the sign; else that one cannot tell."""
    for rose, fell, same in (
        (6, 0, 0),
        (0, 6, 0),
        (6, 0, 2),
        (0, 7, 1),
        (5, 0, 4),
        (0, 5, 0),
        (9, 1, 0),
        (1, 9, 3),
        (8, 2, 0),
        (4, 4, 1),
    ):
        told = _told(student, _changes(draw, rose, fell, same))
        want = "cannot tell" if _sign_test(rose, fell) > 0.05 else "better" if rose > fell else "worse"
        got = expect.one_of(told["verdict"], ("better", "worse", "cannot tell"), what="the verdict")
        expect.true(got == want, "The verdict does not follow from the data.", "p at most 0.05, and then the sign")
    for sign, want in ((1.0, "better"), (-1.0, "worse")):  # many by a little, few by a lot: the mean has the other sign
        got = _told(student, [*[sign] * 15, *[-6 * sign] * 3])["verdict"]
        got = expect.one_of(got, ("better", "worse", "cannot tell"), what="the verdict")
        expect.true(got == want, "The verdict follows the mean.", "rows that rose against rows that fell")


# --- s004-2.4-experiment -----------------------------------------------------


def _experiment(student: Student) -> tuple[dict[str, Any], list[Row]]:
    given = expect.mapping(student.value("experiment"), ("before", "after", "rows", "summary"), what="experiment")
    return given, _rows(given["rows"], "experiment")


@check(item="s004-2.4-experiment")
def experiment_is_a_whole_grid(student: Student, draw: Draw) -> None:
    """The handed-in experiment has every one of its topics, three or more of debates.TOPICS, with every one of its
    seeds, three or more."""
    given, rows = _experiment(student)
    cells = {(row["topic"], row["seed"]) for row in rows}
    topics, seeds = {topic for topic, _ in cells}, {seed for _, seed in cells}
    expect.true(len(topics) >= 3 and len(seeds) >= 3, "The experiment has fewer than 3 topics or 3 seeds.")
    known = len(topics & set(debates.TOPICS)) >= 3
    expect.true(known, "Fewer than 3 topics are among those that the small model knows.", "debates.TOPICS")
    expect.true(len(cells) == len(rows), "The experiment has a row twice.")
    expect.true(
        len(cells) == len(topics) * len(seeds), "Rows of the experiment are missing.", "all of them, and not the best"
    )
    heats = [expect.number(given[key], what=f"`{key}` of experiment") for key in ("before", "after")]
    expect.true(heats[0] != heats[1], "Before and after have the same temperature.", "change something")


@check(item="s004-2.4-experiment")
def experiment_is_summed_up(student: Student, draw: Draw) -> None:
    """The handed-in summary is that of the handed-in rows."""
    given, rows = _experiment(student)
    told = expect.mapping(given["summary"], ("mean", "rose", "fell", "p", "verdict"), what="the summary of experiment")
    changes = [row["after"] - row["before"] for row in rows]
    expect.true(len(changes) > 0, "The experiment has no rows.")
    rose, fell = sum(change > 0 for change in changes), sum(change < 0 for change in changes)
    p = _sign_test(rose, fell)
    for key, want in (("rose", rose), ("fell", fell), ("p", p), ("mean", sum(changes) / len(changes))):
        got = expect.number(told[key], what=f"`{key}` of the summary")
        expect.close(
            got, want, what=f"`{key}` of the summary of experiment", hint="summary(rows)", rtol=1e-9, atol=1e-9
        )
    verdict = "cannot tell" if p > 0.05 else "better" if rose > fell else "worse"
    said = expect.one_of(told["verdict"], ("better", "worse", "cannot tell"), what="the verdict on the experiment")
    expect.true(said == verdict, "The verdict on the experiment does not follow from its rows.", "summary(rows)")


@check(item="s004-2.4-experiment", points=2)
def drawn_debates_come_again(student: Student, draw: Draw) -> None:
    """Drawn rows of the experiment come again when the debates are held once more with the small model."""
    given, rows = _experiment(student)
    expect.true(len(rows) > 0, "The experiment has no rows.")
    heats = [expect.number(given[key], what=f"`{key}` of experiment") for key in ("before", "after")]
    tool = student.tool("debates")
    debater = tool.made("debater", student.value("debate"), tool.made("speaker", "small"))
    for k in draw.permutation(len(rows)).tolist()[:2] if len(rows) > 1 else [0]:
        row = rows[k]
        whole = row["seed"] == int(row["seed"]) and abs(row["seed"]) < 2**53
        expect.true(whole, "A seed of the experiment is no whole number of everyday size.")
        # by the student's own trial: what it counts wrongly has cost its points already
        again = _rows(student.trial(debater, [row["topic"]], [int(row["seed"])], *heats), "the trial")
        hint = "rows hold what your debate gets from the small model, with that temperature and seed"
        expect.true(len(again) > 0, "A row of the experiment does not come again.", hint)
        for key in ("before", "after"):
            expect.true(
                again[0][key] == row[key],
                "A debate of the experiment has another number of points when it is held again.",
                hint,
            )
