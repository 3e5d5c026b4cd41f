"""A table of translations as a picture: the same words by several translators, right and wrong told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from seq2kit.pictures import GREEN, INK, RED, SOFT, Picture

_LETTER, _ROW = 0.085, 0.27  # inches: a letter of the fixed-width font, a line of the table
_WRONG = "#fdeceb"


def wrong_letters(guess: str, truth: str) -> list[bool]:
    """For each letter of `guess`, whether it is one too many or another than in `truth`, once the two are laid side by
    side as well as they fit (the longest common blocks, as `difflib` finds them)."""
    found = [True] * len(guess)
    for block in SequenceMatcher(None, guess, truth, autojunk=False).get_matching_blocks():
        found[block.a : block.a + block.size] = [False] * block.size
    return found


def translations_side_by_side(
    words: Sequence[str], truths: Sequence[str], guesses: Mapping[str, Sequence[str]], rule_after: int = 0
) -> Picture:
    """A row per word: the word, its translation, and what each translator wrote.

    A right one has a tick. A wrong one has a cross, a frame, and its wrong letters underlined in bold; "…" stands where
    letters are missing. guesses: name of the translator -> one translation per word, "" for none. rule_after: a line is
    drawn below so many rows, 0 for none. Raises ValueError when there is no word, or lengths differ.
    """
    for name, written in {"truths": truths, **guesses}.items():
        if not words or len(written) != len(words):
            raise ValueError(f"{name}: {len(written)} translations for {len(words)} words")
    heads = ["word", "translation", *guesses]
    columns = [list(words), list(truths), *([*row] for row in guesses.values())]
    widths = [_LETTER * (4 + max(map(len, [head, *column]))) for head, column in zip(heads, columns, strict=True)]
    figure = Figure(figsize=(sum(widths), _ROW * (len(words) + 1.6)))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, sum(widths))
    axes.set_ylim(len(words) + 1.2, -0.4)
    axes.set_axis_off()
    for place, (head, column) in enumerate(zip(heads, columns, strict=True)):
        left = sum(widths[:place])
        _text(axes, left + 2 * _LETTER, 0.3, head, weight="bold")
        for row, text in enumerate(column):
            if place < 2:
                _text(axes, left + 2 * _LETTER, row + 1.5, text)
            else:
                _cell(axes, left, row + 1.5, widths[place], text, truths[row])
    for line in {1.0, rule_after + 1.0}:
        axes.plot([0, sum(widths)], [line, line], color=SOFT, linewidth=0.8)
    return Picture(figure, _told(words, truths, guesses))


def _text(axes: Axes, x: float, y: float, text: str, colour: str = INK, weight: str = "normal") -> None:
    axes.text(x, y, text, va="center", family="DejaVu Sans Mono", fontsize=9.5, color=colour, weight=weight)


def _cell(axes: Axes, left: float, y: float, width: float, text: str, truth: str) -> None:
    if text == truth:
        _text(axes, left + 0.4 * _LETTER, y, "✓", GREEN)
        _text(axes, left + 2 * _LETTER, y, text)
        return
    frame = Rectangle((left, y - 0.44), width - _LETTER, 0.88, facecolor=_WRONG, edgecolor=RED, linewidth=1.2)
    axes.add_patch(frame)
    _text(axes, left + 0.4 * _LETTER, y, "✗", RED, "bold")
    wrong = wrong_letters(text, truth)
    for place, (letter, off) in enumerate(zip(text, wrong, strict=True)):
        x = left + (2 + place) * _LETTER
        _text(axes, x, y, letter, RED if off else INK, "bold" if off else "normal")
        if off:
            axes.plot([x, x + 0.9 * _LETTER], [y + 0.34] * 2, color=RED, linewidth=1.4)
    if not any(wrong):
        _text(axes, left + (2 + len(text)) * _LETTER, y, "…", RED, "bold")


def _told(words: Sequence[str], truths: Sequence[str], guesses: Mapping[str, Sequence[str]]) -> str:
    told = []
    for name, written in guesses.items():
        rows = zip(words, truths, written, strict=True)
        wrong = [f"{word} as {guess or 'nothing'}" for word, truth, guess in rows if guess != truth]
        told.append(f"{name} has {len(words) - len(wrong)} right" + (f", and {', '.join(wrong)}" if wrong else ""))
    return f"{len(words)} words by {len(guesses)} translators. {'. '.join(told)}."
