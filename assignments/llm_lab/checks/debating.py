"""Hidden checks of 4.1: debates with scripts."""

from __future__ import annotations

import re
from typing import Any

from autograder.judge import Draw, Feedback, Handle, Student, check, expect

SIDES = ("pro", "con")
Log = list[tuple[str, float, float]]
THINGS = ("night trains", "paper books", "wooden bridges", "school gardens", "glass roofs", "tall masts")
_CLAIMS = (
    "They are cheap.", "They last long.", "Nobody needs a key.", "Rain does no harm", "They are easy to mend.",
    "Children like them",
    "They save space.", "Winter is no problem.", "They look good", "Anyone can build one.", "3 of 4 schools have some.",
)  # fmt: skip


def _claims(draw: Draw, count: int) -> list[str]:
    order = draw.permutation(len(_CLAIMS)).tolist()
    return [_CLAIMS[k] for k in order[:count]]


def _script(student: Student, pros: list[str], cons: list[str]) -> Handle:
    return student.tool("standin").made("Script", pros, cons)


def _log(script: Handle) -> Log:
    log = script.log
    if not isinstance(log, list):
        raise Feedback("The record of what was asked is gone.", "use `generate` as the task names it")
    found = []
    for entry in log:
        prompt, heat, seed = expect.parts(entry, 3, what="an entry of the record")
        found.append(
            (expect.text(prompt, what="a prompt"), expect.number(heat, what="T"), expect.number(seed, what="a seed"))
        )
    return found


def held_debate(value: Any) -> dict[str, list[str]]:
    sides = expect.mapping(value, SIDES, what="what debate returns")
    found = {}
    for side in SIDES:
        if not isinstance(sides[side], (list, tuple)):
            raise Feedback("A side of the debate is no list.", "a list of texts for each side")
        found[side] = [expect.text(point, what="a point") for point in sides[side]]
    return found


def _points(student: Student, reply: str) -> list[str]:
    got = student.points(reply)
    if not isinstance(got, (list, tuple)):
        raise Feedback("What points returns is no list.", "a list of texts")
    return [expect.text(one, what="a point") for one in got]


def _listed(draw: Draw, kind: str, claims: list[str], first: int | None = None) -> str:
    marks = {"dot": "{}.", "paren": "{})", "dash": "-", "star": "*", "dotted": "•"}
    numbers = enumerate(claims, draw.integer(1, 8) if first is None else first)
    return "\n".join(f"{marks[kind].format(k)} {claim}" for k, claim in numbers)


@check(item="s004-2.3", points=2)
def lists_of_all_kinds_are_read(student: Student, draw: Draw) -> None:
    """Items of numbered and bulleted lists are points, in their order, without their marks."""
    for kind in ("dot", "paren", "dash", "star", "dotted"):
        claims = [*_claims(draw, 3), "12 of 20 streets need them."]  # a number that is no mark
        got = _points(student, _listed(draw, kind, claims, draw.integer(8, 12)))
        expect.true(
            got == claims, "The items of a list are not its points.", "marks: 1. 1) - * •, and a space behind them"
        )


@check(item="s004-2.3")
def words_around_a_list_are_no_points(student: Student, draw: Draw) -> None:
    """Headings, sentences around a list, and empty items are no points; items may be indented, with empty lines
    between."""
    for kind in ("dot", "dash"):
        claims = _claims(draw, 3)
        inside = _listed(draw, kind, claims).replace("\n", "\n\n   ")
        replies = {
            f"# Reasons\n\n{inside}\n\nI hope this helps!": claims,
            f"Here they are:\n{inside}": claims,
            f"-\n{inside}\n-  ": claims,
            f"Some see it so.\n{inside}\nMore could be said": claims,
            f"One thing only\n{_listed(draw, kind, claims[:1])}": claims[:1],
        }
        for reply, want in replies.items():
            expect.true(
                _points(student, reply) == want,
                "Something else than the items of a list counts as a point.",
                "where there is a list, only its items count",
            )


@check(item="s004-2.3")
def lines_without_a_list_are_points(student: Student, draw: Draw) -> None:
    """In a reply without a list each line that is not empty is a point, whatever number it begins with; nothing
    said, no points."""
    claims = _claims(draw, 3)
    hint = "a mark needs a space behind it; without any, lines count"
    for reply, want in (
        ("\n\n  ".join(claims), claims), (claims[0], claims[:1]),
        ("2.5 million people use them.", ["2.5 million people use them."]), ("", []), (" \n\n ", []),
        (f"-5 degrees are no problem.\n{claims[1]}", ["-5 degrees are no problem.", claims[1]]),
    ):  # fmt: skip
        expect.true(_points(student, reply) == want, "The points of a reply without a list are not its lines.", hint)


@check(item="s004-2.3")
def bold_marks_are_taken_off(student: Student, draw: Draw) -> None:
    """Bold marks and spaces at the ends are no part of a point."""
    one, two, three = _claims(draw, 3)
    reply = f"1. **{one}**\n2. **Note**: {two}  \n3.   {three}"
    plain = f"* *{one}*\n* **{two}**"
    for text, want in ((reply, [one, f"Note: {two}", three]), (f"  **{one}**  ", [one]), (plain, [f"*{one}*", two])):
        expect.true(
            _points(student, text) == want, "Bold marks or spaces are left at a point.", "take ** off, then strip"
        )


@check(item="s004-2.3", points=2)
def three_points_on_each_side(student: Student, draw: Draw) -> None:
    """A model that answers at once is asked once for each side, and its first three points are taken."""
    for extra in (0, 1):
        claims = _claims(draw, 6 + 2 * extra)
        pros, cons = claims[: 3 + extra], claims[3 + extra :]
        script = _script(student, [_listed(draw, "dot", pros)], [_listed(draw, "dash", cons)])
        got = held_debate(student.debate(script, draw.choice(THINGS)))
        expect.true(
            got["pro"] == pros[:3],
            "The points for the topic are not the first three of the reply.",
            "the right side, in their order",
        )
        expect.true(
            got["con"] == cons[:3],
            "The points against the topic are not the first three of the reply.",
            "the right side, in their order",
        )
        expect.true(len(_log(script)) == 2, "A model that has said enough is asked again.", "stop at three points")


@check(item="s004-2.3", points=2)
def prompts_name_topic_and_side(student: Student, draw: Draw) -> None:
    """Every prompt names the topic as it is, and its side by the word for or the word against."""
    topic = f"{draw.choice(THINGS)} in May"  # capitals are the topic's own
    script = _script(student, ["Cheap.", "Safe."], ["Loud.", "Slow."])
    student.debate(script, topic, 0.5, 0, 3)
    log = _log(script)
    expect.true(
        all(topic in prompt for prompt, _, _ in log), "A prompt does not name the topic.", "the argument, as it is"
    )
    sides = [frozenset({"for", "against"} & set(re.findall(r"\w+", prompt.lower()))) for prompt, _, _ in log]
    expect.true(
        all(len(side) == 1 for side in sides),
        "A prompt does not name its side, or names both.",
        "the word for, or the word against",
    )
    expect.true(len(set(sides)) == 2, "Both sides are asked with the same word.", "one side for, one side against")


@check(item="s004-2.3")
def temperature_and_first_seed_are_passed_on(student: Student, draw: Draw) -> None:
    """Each call gets the temperature; call k of a side gets the seed first_seed + k."""
    heat, first = draw.uniform(0.2, 1.4), draw.integer(5, 900)
    script = _script(
        student, ["Cheap.", "Cheap.", "Safe.", "Calm."], ["1. Loud.\n2. Slow.", "", "Slow", "Dear."]
    )  # calls, and not points, are counted
    student.debate(script, draw.choice(THINGS), heat, first, 5)
    log = _log(script)
    expect.true(
        len(log) > 0 and all(abs(T - heat) < 1e-12 for _, T, _ in log), "The temperature is not passed on.", "T=T"
    )
    for side in (True, False):
        seeds = [seed for prompt, _, seed in log if ("against" in prompt.lower()) is side]
        hint = "the same seed gives the same text again"
        expect.true(
            seeds == [first + k for k in range(len(seeds))], "Calls do not have the seeds that follow each other.", hint
        )


@check(item="s004-2.3", points=2)
def repeated_points_count_once(student: Student, draw: Draw) -> None:
    """A point that was there before, but for capitals, spaces and a final full stop, does not count again; more are
    asked for."""
    one, four = (claim.rstrip(".") for claim in _claims(draw, 2))
    two, three = f"{one} in May", f"{one} in June"  # one in the other is no repetition
    pros = [f"1. {one}\n2. {one.upper()}.\n3. {two}", f"- {two}.\n- {three}"]
    cons = [f"{four}.", f"{four.lower()}", two, three]
    script = _script(student, pros, cons)
    got = held_debate(student.debate(script, draw.choice(THINGS), 0.7, 0, 6))
    plain = {side: [point.lower().rstrip(".").strip() for point in got[side]] for side in SIDES}
    hint = "compare without capitals, spaces at the ends and the final full stop, over all replies of a side"
    for side, want in (("pro", (one, two, three)), ("con", (f"{four}.", two, three))):
        expect.true(len(set(plain[side])) == len(plain[side]), "A point counts twice.", hint)
        expect.true(
            plain[side] == [point.lower().rstrip(".") for point in want],
            "A side is not made of the first different points.",
            hint,
        )
        expect.true(got[side] == list(want), "A point is not as it was first said.", "what is compared is one thing")
    for against, calls in ((False, 2), (True, 4)):
        asked = sum(("against" in prompt.lower()) is against for prompt, _, _ in _log(script))
        expect.true(
            asked == calls,
            "A side is asked another number of times than it takes.",
            "until there are three different points",
        )


@check(item="s004-2.3", points=2)
def tries_are_bounded(student: Student, draw: Draw) -> None:
    """A model that says too little is asked `tries` times for each side, and what there is comes back."""
    for pro, con, tries in (("Kind.", "", 4), ("", "1. Slow\n2. Loud", 1), ("", "", 3)):
        script = _script(student, [pro], [con])
        got = held_debate(student.debate(script, draw.choice(THINGS), 0.7, 0, tries))
        calls = len(_log(script))
        expect.true(
            calls <= 2 * tries,
            "A model that says too little is asked more often than `tries` for a side.",
            "a bound on the calls",
        )
        expect.true(
            calls == 2 * tries, "A model that says too little is given up early.", "`tries` calls for each side"
        )
        want = {"pro": ["Kind."] if pro else [], "con": ["Slow", "Loud"] if "1." in con else []}
        expect.true(
            got == want, "A side that stayed short is not what was said.", "fewer than three are given back as they are"
        )
