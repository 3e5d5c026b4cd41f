"""Pictures of trained translators: losses, attention, several seeds side by side, words right and wrong."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from torch import Tensor

from seq2kit.pictures import BLUE, GREEN, INK, ORANGE, RED, Picture
from seq2kit.training import Run

_COLOURS = (BLUE, ORANGE, GREEN, RED, INK)
_BLUES = LinearSegmentedColormap.from_list("paper to blue", ["white", BLUE])
_GRID = "#e4e7eb"


def loss_curves(runs: Mapping[str, Run], baselines: Mapping[str, float] | None = None) -> Picture:
    """Loss against updates on a logarithmic axis: training thin, validation thick, the kept epoch marked.

    runs: label -> run. Each epoch's loss stands where the epoch ended. Updates, not epochs, are the axis, so that
    runs on sets of different sizes can be compared at equal cost. baselines: label -> loss, drawn dashed.
    Raises ValueError for no runs, or more than five.
    """
    if not 1 <= len(runs) <= len(_COLOURS):
        raise ValueError(f"one picture shows 1 to {len(_COLOURS)} runs, got {len(runs)}")
    figure = Figure(figsize=(6.8, 4.0))
    axes = figure.add_subplot()
    for (label, run), colour in zip(runs.items(), _COLOURS, strict=False):
        epochs = len(run.validation_losses)
        updates = [run.updates * (epoch + 1) / epochs for epoch in range(epochs)]
        axes.plot(updates, run.train_losses, color=colour, linewidth=0.9, alpha=0.55, marker=".", markersize=2)
        axes.plot(updates, run.validation_losses, color=colour, linewidth=1.8, label=label)
        axes.plot(updates[run.best_epoch], run.best_loss, "o", color=colour, markersize=5)
    for (name, loss), dashes in zip((baselines or {}).items(), itertools.cycle(("--", ":", "-.")), strict=False):
        axes.axhline(loss, color=INK, linewidth=1.1, linestyle=dashes, label=f"{name} ({loss:.2f})")
    axes.set_xlim(left=0)
    axes.set_yscale("log")
    axes.set_xlabel("updates")
    axes.set_ylabel("loss per token (nats)")
    _plain(axes)
    title = "thick: validation, thin: training,\ndot: the weights that are kept"
    axes.legend(
        title=title, title_fontsize=9, fontsize=9, alignment="left", frameon=False,
        loc="upper left", bbox_to_anchor=(1.01, 1),
    )  # fmt: skip
    told = "; ".join(f"{label} {run.best_loss:.3g}" for label, run in runs.items())
    return Picture(figure, f"Training and validation loss against updates. Lowest validation loss: {told}.")


def attention_map(weights: Tensor, source: Sequence[str], target: Sequence[str], title: str = "") -> Picture:
    """How much each letter written looked at each letter read: a column per source token, a row per target token.

    weights: (S, T), column t the weights over the source while target token t was written; white is 0, blue is 1.
    source, target: a string, or a sequence of S and T labels. Raises ValueError when the sizes do not fit.
    """
    if tuple(weights.shape) != (len(source), len(target)):
        raise ValueError(
            f"weights are {tuple(weights.shape)}, but there are {len(source)} source and {len(target)} target tokens"
        )
    shown = weights.detach().to("cpu").double().T.numpy()
    figure = Figure(figsize=(1.6 + 0.34 * len(source), 1.2 + 0.34 * len(target)))
    axes = figure.add_subplot()
    image = axes.imshow(shown, cmap=_BLUES, vmin=0, vmax=1)
    size = 11 if max(map(len, [*source, *target])) == 1 else 9
    axes.set_xticks(range(len(source)), list(source), fontsize=size)
    axes.set_yticks(range(len(target)), list(target), fontsize=size)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.set_xlabel("read")
    axes.set_ylabel("written")
    axes.tick_params(length=0)
    for row, values in enumerate(shown):
        # on paper and in bad light the strongest cell of a row is hard to see by its colour alone
        axes.plot(int(values.argmax()), row, ".", color="white" if values.max() > 0.4 else INK, markersize=4)
    bar = figure.colorbar(image, ax=axes, fraction=0.046, pad=0.04, ticks=[0, 0.5, 1])
    bar.outline.set_visible(False)
    if title:
        axes.set_title(title, fontsize=11, color=INK, pad=12)
    words = f"{_word(source)} to {_word(target)}"
    return Picture(figure, f"Attention weights from {words}; a dot marks the largest weight of each row.")


def spread(results: Mapping[str, Sequence[float]], quantity: str, *, logarithmic: bool = False) -> Picture:
    """The results of several seeds, one column of points per configuration, a bar at their mean.

    results: label -> one number per seed; quantity: what is measured, with its unit, for the axis.
    logarithmic: for losses that differ by factors; otherwise the axis begins at 0. Raises ValueError when a
    configuration has no result.
    """
    empty = [label for label, values in results.items() if not len(values)]
    if empty or not results:
        raise ValueError(f"nothing to draw: no results for {', '.join(empty) or 'any configuration'}")
    figure = Figure(figsize=(1.6 + 1.25 * len(results), 3.6))
    axes = figure.add_subplot()
    means = [sum(values) / len(values) for values in results.values()]
    for place, (values, mean) in enumerate(zip(results.values(), means, strict=True)):
        middle = (len(values) - 1) / 2
        aside = [place + 0.09 * (seed - middle) / max(1.0, middle) for seed in range(len(values))]
        axes.plot([place - 0.22, place + 0.22], [mean, mean], color=INK, linewidth=1.6)
        axes.plot(aside, list(values), "o", color=_COLOURS[place % len(_COLOURS)], markersize=6, alpha=0.8)
    axes.set_xticks(range(len(results)), list(results), fontsize=9)
    axes.set_xlim(-0.5, len(results) - 0.5)
    axes.set_ylabel(quantity)
    if logarithmic:
        axes.set_yscale("log")
    else:
        highest = max(max(values) for values in results.values())
        axes.set_ylim(0, 1.06 * highest or 1)
    _plain(axes)
    told = "; ".join(_told(label, values, mean) for (label, values), mean in zip(results.items(), means, strict=True))
    return Picture(figure, f"{quantity} of each seed, with the mean: {told}.")


def translation_table(words: Sequence[str], truths: Sequence[str], guesses: Mapping[str, Sequence[str]]) -> str:
    """A table as text: word, right translation, and what each model wrote, with an x where that is wrong.

    guesses: name of the model -> one translation per word. To be printed. Raises ValueError when lengths differ.
    """
    columns = {"word": words, "Pig Latin": truths}
    for name, written in guesses.items():
        if len(written) != len(truths):
            raise ValueError(f"{name} has {len(written)} translations for {len(truths)} words")
        pairs = zip(written, truths, strict=True)
        columns[name] = [guess if guess == truth else f"{guess} x" for guess, truth in pairs]
    widths = [max(map(len, [head, *cells])) for head, cells in columns.items()]
    rows = [list(columns), ["-" * width for width in widths], *map(list, zip(*columns.values(), strict=True))]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def _told(label: str, values: Sequence[float], mean: float) -> str:
    ends = f" ({min(values):.3g} to {max(values):.3g})" if len(values) > 1 else ""
    return f"{' '.join(label.split())} {mean:.3g}{ends}"


def _word(tokens: Sequence[str]) -> str:
    return "".join(token for token in tokens if len(token) == 1) or "nothing"


def _plain(axes: Axes) -> None:
    axes.grid(True, which="major", axis="y", color=_GRID)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    if axes.get_yscale() == "log":
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
