"""A toy English: the grammar behind the language-model assignment, as an automaton with a known entropy."""

from __future__ import annotations

from functools import cache

import numpy as np

from seq2kit.language.automaton import FULL_STOP, Automaton

# topic -> nouns, verbs (both as singular, plural), adjectives
_TOPICS: dict[str, tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...], tuple[str, ...]]] = {
    "sea": (
        (("sailor", "sailors"), ("boat", "boats"), ("whale", "whales")),
        (("follows", "follow"), ("carries", "carry")),
        ("wet", "grey"),
    ),
    "kitchen": (
        (("cook", "cooks"), ("oven", "ovens"), ("soup", "soups")),
        (("heats", "heat"), ("tastes", "taste")),
        ("hot", "salty"),
    ),
    "music": (
        (("singer", "singers"), ("drum", "drums"), ("song", "songs")),
        (("hears", "hear"), ("plays", "play")),
        ("loud", "slow"),
    ),
    "garden": (
        (("gardener", "gardeners"), ("rose", "roses"), ("hedge", "hedges")),
        (("trims", "trim"), ("waters", "water")),
        ("green", "thorny"),
    ),
    "school": (
        (("teacher", "teachers"), ("pupil", "pupils"), ("book", "books")),
        (("reads", "read"), ("explains", "explain")),
        ("clever", "late"),
    ),
}
_Pairs = tuple[tuple[str, str], ...]
TOPICS = tuple(_TOPICS)
NOUNS: dict[str, _Pairs] = {topic: row[0] for topic, row in _TOPICS.items()}  # singular, plural
VERBS: dict[str, _Pairs] = {topic: row[1] for topic, row in _TOPICS.items()}  # singular, plural
ADJECTIVES = {topic: row[2] for topic, row in _TOPICS.items()}
_DETERMINERS = {
    "the": ("any", 0.45),
    "a": ("one", 0.15),
    "every": ("one", 0.1),
    "some": ("many", 0.2),
    "many": ("many", 0.1),
}
_NUMBERS = ("one", "many")
_STAY = 0.7  # how often a subject keeps the topic
_ADJECTIVE = 0.2
_RELATIVE = 0.5  # how often one more relative clause follows: one sentence in four has two or more
_NOUN_SHARES, _VERB_SHARES, _ADJECTIVE_SHARES = (0.5, 0.3, 0.2), (0.65, 0.35), (0.6, 0.4)
_ONE = 0.55  # how often a noun is singular where it may be either

Rules = dict[str, dict[str, tuple[float, str]]]


@cache
def toy_english() -> Automaton:
    """The toy English of the language-model assignment: 70 words, 85 states.

    A sentence is a subject, perhaps with relative clauses, a verb and one or more objects:
    "some grey whales that the boat follows carry the sailor ." Each verb agrees in number with its own subject,
    however many words stand in between, so a predictor that only sees "the boat follows" cannot know that "carry"
    is right here and "carries" is not. There are five topics; a subject keeps the topic of the sentence before with
    probability 0.7, and verbs and objects belong to the topic of their subject.
    """
    rules: Rules = {}
    for topic in _TOPICS:
        _add_topic(rules, topic)
    states = tuple(rules)
    tokens = tuple(sorted({token for row in rules.values() for token in row}))
    probabilities = np.zeros((len(states), len(tokens)))
    following = np.full(probabilities.shape, -1, dtype=np.int64)
    for number, row in enumerate(rules.values()):
        for token, (chance, after) in row.items():
            column = tokens.index(token)
            probabilities[number, column], following[number, column] = chance, states.index(after)
    starts = tuple(states.index(f"{topic} start") for topic in _TOPICS)
    return Automaton(tokens, states, probabilities, following, starts)


def _add_topic(rules: Rules, topic: str) -> None:
    rules[f"{topic} start"] = {
        word: (chance, f"{topic} subject {number}") for word, (number, chance) in _DETERMINERS.items()
    }
    for number in ("any", *_NUMBERS):
        rules[f"{topic} subject {number}"] = _subject(topic, number)
    for number in _NUMBERS:
        rules[f"{topic} {number}"] = {"that": (_RELATIVE, f"{topic} {number} that")} | _verbs(
            topic, number, 1 - _RELATIVE, f"{topic} verb"
        )
        rules[f"{topic} {number} that"] = {"the": (1.0, f"{topic} {number} that the")}
        rules[f"{topic} {number} that the"] = {
            word: (share, f"{topic} {number} that the {which}") for word, share, which in _nouns(topic, "any")
        }
        for inner in _NUMBERS:
            rules[f"{topic} {number} that the {inner}"] = _verbs(topic, inner, 1.0, f"{topic} {number}")
    rules[f"{topic} verb"] = {"the": (1.0, f"{topic} verb the")}
    rules[f"{topic} verb the"] = {word: (share, f"{topic} end") for word, share, _ in _nouns(topic, "any")}
    rules[f"{topic} end"] = {
        FULL_STOP: (0.7, f"{topic} start"),
        "and": (0.1, f"{topic} verb"),
        "again": (0.12, f"{topic} end"),
        "today": (0.08, f"{topic} end"),
    }


def _verbs(topic: str, number: str, chance: float, after: str) -> dict[str, tuple[float, str]]:
    """The verbs of a topic in the form that agrees with `number`; together they have the probability `chance`."""
    place = _NUMBERS.index(number)
    pairs = zip(_TOPICS[topic][1], _VERB_SHARES, strict=True)
    return {pair[place]: (chance * share, after) for pair, share in pairs}


def _subject(topic: str, number: str) -> dict[str, tuple[float, str]]:
    """Adjectives and nouns of this topic mostly, of another now and then; the word decides the topic."""
    row = {}
    for other in _TOPICS:
        near = _STAY if other == topic else (1 - _STAY) / (len(_TOPICS) - 1)
        for word, share in zip(_TOPICS[other][2], _ADJECTIVE_SHARES, strict=True):
            row[word] = (near * _ADJECTIVE * share, f"{other} subject {number}")
        for word, share, which in _nouns(other, number):
            row[word] = (near * (1 - _ADJECTIVE) * share, f"{other} {which}")
    return row


def _nouns(topic: str, number: str) -> list[tuple[str, float, str]]:
    """(word, probability, number) of the nouns of a topic, of this number."""
    shares = {"one": (1.0, 0.0), "many": (0.0, 1.0), "any": (_ONE, 1 - _ONE)}[number]
    return [
        (word, share * part, which)
        for pair, share in zip(_TOPICS[topic][0], _NOUN_SHARES, strict=True)
        for word, part, which in zip(pair, shares, _NUMBERS, strict=True)
        if part
    ]
