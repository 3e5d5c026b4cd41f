"""Questions with answers that a program can mark: sums and small tasks with words, drawn from a seed.

None of them was shown to the kit's small model: see seq2kit.llm.small_tasks.
"""

from __future__ import annotations

import random
import re

from seq2kit.llm.small_tasks import SUMS, WORD_TASKS, Example, pattern
from seq2kit.llm.small_tasks import sums as held_sums
from seq2kit.llm.small_tasks import words as held_words

_SUM = re.compile(r"(\d+) \+ (\d+) =\Z")
_NUMBER = re.compile(r"\s*(\d+)(?![\d.])")


def sums(seed: int, count: int, shown: int = 2) -> list[str]:
    """So many different prompts "a + b =", each below `shown` worked examples. The same seed gives the same prompts."""
    draw = random.Random(seed)
    asked = draw.sample(held_sums(held_out=True), count)
    return [pattern([_worked(draw) for _ in range(shown)], given) for given in asked]


def answer(prompt: str) -> int:
    """The right answer to a prompt of `sums`. Raises ValueError for another text."""
    found = _SUM.search(prompt.rsplit("\n", 1)[-1])
    if found is None:
        raise ValueError("this prompt does not end with a sum, as in '12 + 30 ='")
    return int(found[1]) + int(found[2])


def is_right(prompt: str, text: str) -> bool:
    """Whether what a model wrote after a prompt of `sums` begins with the right number. Raises ValueError as
    `answer`."""
    found = _NUMBER.match(text)
    return found is not None and int(found[1]) == answer(prompt)


def words(task: str, seed: int, count: int) -> list[tuple[str, str]]:
    """So many different (word, answer) of a task: "reverse", "capitals", "first", "last" or "twice". Raises
    KeyError for another one."""
    draw = random.Random(seed)
    return [(word, WORD_TASKS[task].answer(word)) for word in draw.sample(held_words(held_out=True), count)]


def divisions(seed: int, count: int) -> list[tuple[int, int]]:
    """So many different pairs (a, b) as `check_division` has them: no common divisor, b a multiple of 3 or 7."""
    draw, found = random.Random(seed), list[tuple[int, int]]()
    while len(found) < count:
        a, b = draw.randint(40, 99), draw.choice((7, 9, 13, 21, 26))
        if all(a % p for p in (2, 3, 7, 13) if b % p == 0) and (a, b) not in found:
            found.append((a, b))
    return found


def _worked(draw: random.Random) -> Example:
    given = draw.choice(held_sums())
    return Example("sum", given, SUMS.answer(given), "")
