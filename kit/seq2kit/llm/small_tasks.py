"""What the kit's small model was taught: a few tasks, each said in two ways, alone and after examples.

Asked in words ("Reverse the word cat."), a task is said. As a pattern ("cat -> "), it has to be guessed from the lines
before: without any, "cat -> " may mean five things. So examples in a prompt help, by how much is there to be measured.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from seq2kit.translation.piglatin import share

_HELD_OUT = 0.2
TOPICS = ("dogs", "cats", "cars", "boats", "books", "songs", "trees", "phones", "schools", "games", "trains", "robots")
GOOD = ("kind", "quick", "useful", "calm", "clever", "strong", "cheap", "safe", "bright", "helpful")
BAD = ("loud", "slow", "useless", "wild", "dull", "weak", "costly", "risky", "dark", "harmful")


@dataclass(frozen=True)
class Task:
    """asked: the wordings of an instruction, with one place for the input. answer: of the input."""

    asked: tuple[str, ...]
    answer: Callable[[str], str]


@dataclass(frozen=True)
class Example:
    """A thing to be done: the input, the right answer, and an instruction that asks for it."""

    task: str
    given: str
    answer: str
    asked: str


WORD_TASKS: dict[str, Task] = {
    "reverse": Task(("Reverse the word {}.", "Write {} backwards."), lambda word: word[::-1]),
    "capitals": Task(("Write {} in capitals.", "Put {} into upper case."), str.upper),
    "first": Task(("What is the first letter of {}?", "Say how {} begins."), lambda word: word[0]),
    "last": Task(("What is the last letter of {}?", "Say how {} ends."), lambda word: word[-1]),
    "twice": Task(("Say {} twice.", "Write {} two times."), lambda word: f"{word} {word}"),
}
SUMS = Task(("What is {}?", "Work out {}."), lambda sum_: str(sum(int(part) for part in sum_.split("+"))))
REASONS = {"for": ("Give a reason for {}.", GOOD), "against": ("Give a reason against {}.", BAD)}


@cache
def words(held_out: bool = False) -> tuple[str, ...]:
    """English words of 3 to 5 letters; a fifth of them, by a hash of the word, was never shown to the model."""
    everything = files("seq2kit").joinpath("data/words.txt").read_text(encoding="ascii").split()
    short = [word for word in everything if word.isalpha() and 3 <= len(word) <= 5]
    return tuple(word for word in short if (share(word, "small-lm") < _HELD_OUT) == held_out)


@cache
def sums(held_out: bool = False) -> tuple[str, ...]:
    """Sums of two numbers up to 49, as "12 + 30"; a fifth of them was never shown to the model."""
    everything = [f"{a} + {b}" for a in range(50) for b in range(50)]
    return tuple(text for text in everything if (share(text, "small-lm") < _HELD_OUT) == held_out)


def example(task: str, draw: random.Random, held_out: bool = False) -> Example:
    """One example of a task ("sum", or one of WORD_TASKS). Raises KeyError for another one."""
    kind = SUMS if task == "sum" else WORD_TASKS[task]
    given = draw.choice(sums(held_out) if task == "sum" else words(held_out))
    return Example(task, given, kind.answer(given), draw.choice(kind.asked).format(given))


def pattern(examples: list[Example], given: str = "") -> str:
    """Lines "input -> answer" (of sums "input = answer"), and at the end the input that waits for its answer."""
    lines = [_line(item.given) + item.answer + "\n" for item in examples]
    return "".join(lines) + (_line(given).rstrip() if given else "")


def _line(given: str) -> str:
    return f"{given} {'=' if '+' in given else '->'} "


def document(draw: random.Random) -> list[tuple[str, bool]]:
    """One text to learn from, in parts (text, whether it can be foretold): operands are drawn, answers are not."""
    kind = draw.random()
    if kind < 0.12:
        asked, reasons = draw.choice(list(REASONS.values()))
        topic = draw.choice(TOPICS)
        turns = [(asked.format(topic), f"{topic.capitalize()} are {draw.choice(reasons)}.")]
        return _dialogue(turns)
    shown = draw.choices(range(7), (8, 2, 2, 2, 2, 1, 1))[0] + 1
    task = "sum" if kind < 0.5 else draw.choice(list(WORD_TASKS))
    examples = [example(task, draw) for _ in range(shown)]
    if draw.random() < 0.5:
        return _dialogue([(item.asked, item.answer) for item in examples])
    parts = [part for item in examples for part in ((_line(item.given), False), (f"{item.answer}\n", True))]
    return [*parts, ("<end>", False)]


def _dialogue(turns: list[tuple[str, str]]) -> list[tuple[str, bool]]:
    """As the chat template writes it."""
    parts = [("User: " + asked + "\nAssistant: ", False) for asked, _ in turns]
    answers = [(answer + "<end>\n", True) for _, answer in turns]
    return [part for pair in zip(parts, answers, strict=True) for part in pair]
