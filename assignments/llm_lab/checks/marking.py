"""Hidden checks of the two checkers and of the interval: texts and programs whose verdict is known."""

from __future__ import annotations

import math
from collections.abc import Iterable

from autograder.judge import Draw, Feedback, Student, StudentRaised, check, expect

RIGHT = "A right reply is refused."
WRONG = "A wrong reply is accepted."


def _asked(draw: Draw) -> tuple[int, int]:
    """a and b as the task has them."""
    while True:
        a, b = draw.integer(40, 190), draw.integer(7, 39)
        whole, rest = divmod(a, b)
        endless = any(b % p == 0 for p in (3, 7, 11, 13, 17, 19, 23, 29, 31, 37))
        if math.gcd(a, b) == 1 and endless and 2 <= whole <= 9 and rest >= 2 and whole != rest:
            return a, b


def _decimals(a: int, b: int, digits: int, *, rounded: bool) -> str:
    scaled = (2 * a * 10**digits + b) // (2 * b) if rounded else a * 10**digits // b
    return f"{scaled // 10**digits}.{scaled % 10**digits:0{digits}d}"


def _neighbours(a: int, b: int) -> list[str]:
    """What is one unit in the last place below and above a / b, with two to five digits."""
    units = [(a * 10**digits // b + step, 10**digits, digits) for digits in (2, 3, 4, 5) for step in (-1, 1)]
    return [f"{units // ten}.{units % ten:0{digits}d}" for units, ten, digits in units]


def _right(a: int, b: int, told: str) -> bool:
    digits = len(told.split(".")[-1])
    return digits > 1 and told in (_decimals(a, b, digits, rounded=True), _decimals(a, b, digits, rounded=False))


def _verdict(student: Student, a: int, b: int, replies: Iterable[str], want: bool, hint: str) -> None:
    for reply in replies:
        given = student.check_division(reply) if (a, b) == (77, 26) else student.check_division(reply, a, b)
        got = expect.boolean(given, what="what check_division returns")
        expect.true(got is want, RIGHT if want else WRONG, hint)


@check(item="s004-2.2-division", points=2)
def right_decimals_count(student: Student, draw: Draw) -> None:
    """Decimal numbers with two and more digits, rounded or cut, count as right, with any words around."""
    for a, b in ((77, 26), _asked(draw)):
        told = [_decimals(a, b, digits, rounded=way) for digits in (2, 3, 4, 9) for way in (True, False)]
        around = (
            "{}", "The answer is {}.", f"{a} / {b} = {{}}", f"{a}/{b} ≈ {{}}", "Step 1: divide. So ${}$, I think",
            f"In 12 steps: {{}}, so it is below {a // b + 1}", "It is {}. I hope this helps.",
        )  # fmt: skip
        replies = [draw.choice(around).format(one) for one in told] + [one.format(told[2]) for one in around]
        _verdict(student, a, b, replies, True, "how many digits may it have, and is it rounded or cut?")


@check(item="s004-2.2-division", points=2)
def other_decimals_are_wrong(student: Student, draw: Draw) -> None:
    """Other decimal numbers are wrong: near ones, longer ones, those with another whole part, and what is no number."""
    for a, b in ((77, 26), _asked(draw)):
        two, three = (_decimals(a, b, digits, rounded=True) for digits in (2, 3))
        last, nine = str((int(three[-1]) + 4) % 10), _decimals(a, b, 9, rounded=False)
        near = [
            three[:-1] + last,
            f"1{two}",
            f"{two[:-1]}.{two[-1]}",
            f"{two}.1",
            f"{two}00",
            *_neighbours(a, b),
            f"{nine[:-1]}{(int(nine[-1]) + 5) % 10}",
            "0.6667",
            "3.14",
            two[:-1],
        ]
        wrong = [one for one in near if not _right(a, b, one)]
        replies = [*wrong, *(f"It is {one}" for one in wrong), f"{a}/{b} = {wrong[0]}"]
        _verdict(student, a, b, replies, False, "the whole number is compared, digit by digit")


@check(item="s004-2.2-division", points=2)
def remainders_and_mixed_numbers_count(student: Student, draw: Draw) -> None:
    """Quotient and remainder in each of the ways that the task names, and mixed numbers, count as right."""
    for a, b in ((77, 26), _asked(draw)):
        q, r = divmod(a, b)
        forms = [
            f"{q} remainder {r}",
            f"{q} with a remainder of {r}",
            f"{q} R {r}",
            f"{q} R{r}",
            f"{q} r {r}",
            f"{q} {r}/{b}",
        ]
        replies = [*forms, *(f"That makes {one}." for one in forms), forms[0].upper()]
        _verdict(student, a, b, replies, True, "a quotient and its remainder, in capitals or not")


@check(item="s004-2.2-division", points=2)
def other_remainders_are_wrong(student: Student, draw: Draw) -> None:
    """Another quotient, another remainder, another denominator, or one of the two alone is wrong."""
    for a, b in ((77, 26), _asked(draw)):
        q, r = divmod(a, b)
        replies = [
            f"{q} remainder {r + 1}", f"{q + 1} remainder {r}", f"1{q} remainder {r}", f"{q} remainder {r}5",
            f"{q} R {r - 1}", f"1{q} R {r}", f"{q} R {r}5", f"{q + 1} R{r}", f"{r} remainder {q}",
            f"{q} with a remainder of {r}5", f"{q} with a remainder of {r - 1}", f"1{q} with a remainder of {r}",
            f"{q} {r}/{b + 1}", f"{q + 1} {r}/{b}", f"{q} {r + 1}/{b}", f"remainder {r}",
            f"1{q} {r}/{b}", f"{q} {r}/{b}0", f"{q} 1{r}/{b}", f"{r} {q}/{b}",
        ]  # fmt: skip
        _verdict(student, a, b, replies, False, "both numbers have to be there, and both right")


@check(item="s004-2.2-division")
def echoes_are_no_answers(student: Student, draw: Draw) -> None:
    """The question, whole numbers alone, no number and nothing at all are no answers."""
    for a, b in ((77, 26), _asked(draw)):
        q = a // b
        replies = [
            f"{a}/{b}",
            f"What is {a} divided by {b}?",
            f"{q}",
            f"It is {q + 1}",
            f"{b}",
            "",
            "I do not know.",
            f"{a} / {b} = ?",
        ]
        _verdict(student, a, b, replies, False, "which number in the reply is an answer?")


@check(item="s004-2.2-division")
def undecided_replies_are_wrong(student: Student, draw: Draw) -> None:
    """A reply with a wrong decimal number beside what is right is wrong, in either order; two right ones are right."""
    for a, b in ((77, 26), _asked(draw)):
        right = _decimals(a, b, 2, rounded=True)
        other = f"{draw.integer(11, 19)}.{draw.integer(11, 99)}"
        replies = [
            f"{right}, or maybe {other}",
            f"{other} and {right}",
            f"{a // b} remainder {a % b}, which is {other}",
        ]
        _verdict(student, a, b, replies, False, "look at all decimal numbers of the reply")
        both = [f"{_decimals(a, b, 4, rounded=True)}, or about {right}", f"{a // b} remainder {a % b}, so {right}"]
        _verdict(student, a, b, both, True, "a number that says the same is no other one")


@check(item="s004-2.2-division")
def right_values_of_other_questions_are_wrong(student: Student, draw: Draw) -> None:
    """What is right for one division is wrong for another."""
    a, b = _asked(draw)
    q, r = divmod(a, b)
    if (q, r) != (2, 25):
        _verdict(student, a, b, ["2.9615", "2 remainder 25", "2 25/26"], False, "use the arguments a and b")
    _verdict(student, a, b, [_decimals(a, b, 4, rounded=True), f"{q} R {r}"], True, "use the arguments a and b")


# --- s004-2.2-reverse --------------------------------------------------------

_NODES = "def reverse(head):\n    nodes = []\n    while head:\n        nodes.append(head)\n        head = head.next\n"
_LINKED = "    last = None\n    for node in nodes:\n        node.next, last = last, node\n    return last"
_GOOD = {
    "moves": "def reverse(head):\n    before = None\n    node = head\n    while node is not None:\n"
    "        after = node.next\n        node.next = before\n"
    "        before = node\n        node = after\n    return before",
    "recursive": "def reverse(head, before=None):\n    if not head:\n        return before\n    after = head.next\n"
    "    head.next = before\n"
    "    return reverse(after, head)",
    "stack": _NODES + _LINKED,
    "new": "class Link:\n    pass\ndef reverse(head):\n    out = None\n    while head is not None:\n"
    "        link = Link()\n        link.value = head.value\n"
    "        link.next = out\n        out = link\n        head = head.next\n    return out\n"
    "print('an example follows')",
    "own class": "class Node:\n    def __init__(self, data):\n        self.data = data\n"
    "import sys\nprint('Node', end=' ')\nprint('here', file=sys.stderr)\n"
    "def reverse(head):\n    found = None\n    while head is not None:\n"
    "        head.next, found, head = found, head, head.next\n    return found",
}  # fmt: skip
_LATE = "import time\ntime.sleep(1.2)\n"
_BAD = {
    "same": "def reverse(head):\n    return head",
    "list": _NODES + "    return [node.value for node in nodes[::-1]]",
    "sorted": _NODES + "    nodes.sort(key=lambda node: node.value)\n" + _LINKED,
    "one lost": _NODES + "    nodes = nodes[1:]\n" + _LINKED,
    "equal ones lost": _NODES + "    nodes = list({node.value: node for node in nodes}.values())\n" + _LINKED,
    "no empty list": _NODES + "    nodes[0].value\n" + _LINKED,
    "no single node": _NODES + "    if len(nodes) == 1:\n        return None\n" + _LINKED,
}
_FAULTY = (
    "",
    "def reverse(head)\n    return head",
    "def turn(head):\n    return None",
    "def reverse(head):\n    return undefined",
    f"{_NODES}{_LINKED}\nraise ValueError('after all')",
)
_CIRCLE = _NODES + _LINKED.replace("    return last", "    if nodes:\n        nodes[0].next = last\n    return last")
_ENDLESS = "import time\ndef reverse(head):\n    while head is None or head:\n        time.sleep(0.1)"
_ENDS = ("import os\ndef reverse(head):\n    os._exit(0)", "import sys\nprint('True')\nsys.exit(0)")
_WORDS = [f"print({word!r}, flush=True)\nimport os\nos._exit(0)" for word in ("ok", "OK", "passed", "PASSED")]
_LOUD = (
    "print('True')\nprint('1')\ndef reverse(head):\n    print('True')\n    print('ok')\n"
    "    print('passed')\n    return head"
)
_SAID = (
    "print('Hello, World!')", "print('Hello World')", "for word in ('  hello', 'WORLD'):\n    print(word, end=' ')",
)  # fmt: skip
_UNSAID = (
    "print('Hello')", "pass", "print('Hello, World!'", "print('Hello, World!')\nprint('How are you?')",
    "print('World, Hello!')", "print('Hello, World 2!')",
    "print('How are you?')\nprint('Hello, World!')",
)  # fmt: skip


def _runs(student: Student, name: str, code: str, want: bool, message: str, hint: str, seconds: float = 20.0) -> None:
    try:
        got = expect.boolean(getattr(student, name)(code, seconds), what=f"what {name} returns")
    except StudentRaised as error:
        raise Feedback(
            f"{name} raises where the code it runs is at fault.", "the verdict on code that fails is False"
        ) from error
    expect.true(got is want, message, hint)


@check(item="s004-2.2-reverse", points=2)
def reversals_are_right(student: Student, draw: Draw) -> None:
    """Code that moves the nodes, with a loop, by recursion or through a list, is right, and so is code that makes
    new ones, brings a class Node of its own, or prints something."""
    for code in _GOOD.values():
        hint = "ask for the values, in the order in which one meets them; who prints something may still be right"
        _runs(student, "check_reverse", code, True, "Code that reverses a list is refused.", hint)


@check(item="s004-2.2-reverse", points=2)
def what_does_not_reverse_is_wrong(student: Student, draw: Draw) -> None:
    """Code that gives back the same list, other values or something else is wrong."""
    for name in ("same", "list", "sorted", "one lost", "equal ones lost"):
        hint = "lists with several nodes, values in no order, equal ones among them"
        _runs(student, "check_reverse", _BAD[name], False, "Code that does not reverse a list is accepted.", hint)


@check(item="s004-2.2-reverse")
def short_lists_are_tried(student: Student, draw: Draw) -> None:
    """Code that fails for the empty list or for a single node is wrong."""
    for name in ("no empty list", "no single node"):
        hint = "lists of 0 and 1 nodes are lists"
        _runs(student, "check_reverse", _BAD[name], False, "Code that fails for a short list is accepted.", hint)


@check(item="s004-2.2-reverse")
def faulty_code_is_wrong(student: Student, draw: Draw) -> None:
    """No code, no Python, another function's name, or an error on the way: wrong, and no error of the checker's own."""
    for code in _FAULTY:
        _runs(
            student,
            "check_reverse",
            code,
            False,
            "Code that cannot run is accepted.",
            "what tells that it came to its end?",
        )


@check(item="s004-2.2-reverse", points=2)
def code_that_does_not_end_is_stopped(student: Student, draw: Draw) -> None:
    """Code that does not end, and a list that runs in a circle, are wrong after the seconds that were given; code that
    ends within them is right, and the same code is wrong if fewer are given."""
    for code in (_ENDLESS, _CIRCLE):
        hint = "a limit on its time, from outside"
        _runs(student, "check_reverse", code, False, "Code without an end is accepted.", hint, 0.6)
    late, hint = _LATE + _GOOD["moves"], "the seconds are an argument"
    _runs(student, "check_reverse", late, False, "Code that takes longer than it may is accepted.", hint, 0.4)
    _runs(student, "check_reverse", late, True, "Code that ends within its seconds is refused.", hint)


@check(item="s004-2.2-reverse", points=2)
def code_cannot_give_its_own_verdict(student: Student, draw: Draw) -> None:
    """Code that ends the process, or prints what a checker may want to read, gains nothing."""
    for code in (*_ENDS, *_WORDS, _LOUD):
        hint = "another process; and a sign that its output cannot imitate"
        _runs(student, "check_reverse", code, False, "Code decides on its own verdict.", hint)


@check(item="s004-2.2-reverse")
def hello_is_what_is_printed(student: Student, draw: Draw) -> None:
    """Hello, World! counts with or without capitals, comma, mark and spaces around, late too, but in time."""
    for code in (*_SAID, _LATE + _SAID[0]):
        _runs(student, "check_hello", code, True, "A Hello World is refused.", "capitals, comma, mark, spaces around")


@check(item="s004-2.2-reverse")
def other_programs_are_no_hello(student: Student, draw: Draw) -> None:
    """Other output, none, an error, or no end is no Hello World."""
    for code in _UNSAID:
        _runs(
            student,
            "check_hello",
            code,
            False,
            "A program that is no Hello World is accepted.",
            "all of its output counts",
        )
    for code in (f"{_SAID[0]}\nraise KeyError", "import sys\nsys.stderr.write('Hello, World!')"):
        _runs(
            student,
            "check_hello",
            code,
            False,
            "A program that is no Hello World is accepted.",
            "how it ends, and what it prints",
        )
    waiting = "import time\nprint('Hello, World!', flush=True)\ntime.sleep(90)"
    for code, seconds in ((waiting, 0.6), (_LATE + _SAID[0], 0.4)):
        message, hint = "A program without an end, or with a late one, is accepted.", "the seconds hold here, too"
        _runs(student, "check_hello", code, False, message, hint, seconds)


# --- s004-2.2-interval -------------------------------------------------------


def interval(k: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's interval, as the roots of (p - k/n)^2 = z^2 p (1 - p) / n."""
    p, share = k / n, z * z / n
    a, b, c = 1 + share, -(2 * p + share), p * p
    root = math.sqrt(max(0.0, b * b - 4 * a * c))
    return max(0.0, (-b - root) / (2 * a)), min(1.0, (-b + root) / (2 * a))


def _told(student: Student, k: int, n: int, *z: float) -> list[float]:
    return list(expect.numbers(student.wilson(k, n, *z), (2,), what="the interval", hint="(low, high)"))


@check(item="s004-2.2-interval", points=2)
def intervals_are_wilsons(student: Student, draw: Draw) -> None:
    """The edges are those of Wilson's formula, for few and for many trials."""
    for n in (20, draw.integer(50, 90), draw.integer(300, 900)):
        k = draw.integer(n // 8, n // 3)
        hint = "z^2 / n, 2 n and 4 n^2 stand in different places"
        expect.close(_told(student, k, n), interval(k, n), what="the edges of the interval", hint=hint, rtol=1e-6)


@check(item="s004-2.2-interval")
def none_and_all_have_intervals(student: Student, draw: Draw) -> None:
    """None or all of n, and a single trial, give an interval within 0 and 1 that is no point."""
    for n in (1, 10, draw.integer(30, 70)):
        for k in (0, n):
            found = _told(student, k, n)
            expect.close(
                found, interval(k, n), what="the interval of none or all", hint="k = 0 is nothing special", atol=1e-9
            )
            inside = all(-1e-12 <= edge <= 1 + 1e-12 for edge in found)  # what rounding makes of 0 and 1 is no matter
            expect.true(inside, "A rate lies outside of 0 and 1.")


@check(item="s004-2.2-interval")
def confidence_can_be_chosen(student: Student, draw: Draw) -> None:
    """Another z gives another interval."""
    k, n = draw.integer(5, 20), draw.integer(40, 60)
    for z in (1.0, draw.uniform(2.2, 3.0)):
        expect.close(
            _told(student, k, n, z),
            interval(k, n, z),
            what="the interval for another z",
            hint="z is an argument",
            rtol=1e-6,
        )


@check(item="s004-2.2-interval", points=2)
def intervals_that_touch_decide_nothing(student: Student, draw: Draw) -> None:
    """Which rate is higher is said when the intervals do not touch, in both orders; else that one cannot tell."""
    many = draw.integer(300, 500)
    cases = [
        ((4, 20), (9, 20)), ((many // 5, many), (2 * many // 5, many)), ((3 * many // 5, many), (many // 4, many)),
        ((0, 6), (0, many)), ((0, 6), (many // 2, many)), ((20, 40), (25, 40)), ((0, 40), (9, 40)),
        ((31, 40), (12, 40)),
        ((45, 100), (55, 100)), ((10, 10), (50, 100)), ((5, 5), (90, 100)), ((100, 250), (2, 4)),
        ((30, 100), (44, 100)), ((47, 100), (30, 100)), ((30, 100), (50, 100)), ((9, 10), (300, 600)),
    ]  # fmt: skip
    for first, second in cases:
        (low, high), (other_low, other_high) = interval(*first), interval(*second)
        want = "first" if low > other_high else "second" if other_low > high else "cannot tell"
        got = expect.one_of(
            student.better(first, second), ("first", "second", "cannot tell"), what="what better returns"
        )
        hint = "compare the lower edge of one with the upper edge of the other; no interval, no claim"
        expect.true(got == want, "The verdict on two rates is not that of their intervals.", hint)
