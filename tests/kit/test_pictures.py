"""Pictures say what they should, and never stop a notebook."""

from __future__ import annotations

import base64
import math
from pathlib import Path

import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch
from seq2kit import pictures
from seq2kit.pictures import BLUE, GREEN, INK, ORANGE, RED, SOFT

EDGES = {("Whh", "z1"), ("h0", "z1"), ("z1", "h1"), ("h1", "J1"), ("J1", "J"), ("h1", "z2"), ("z2", "h2")}
PNG = b"\x89PNG\r\n\x1a\n"


def words(picture: pictures.Picture) -> list[str]:
    return [text.get_text() for text in picture.figure.axes[0].texts]


def red_arrows(picture: pictures.Picture) -> int:
    arrows = [patch for patch in picture.figure.axes[0].patches if isinstance(patch, FancyArrowPatch)]
    return sum(to_hex(arrow.get_edgecolor()) == pictures.RED for arrow in arrows)


def arrows(picture: pictures.Picture) -> int:
    return sum(isinstance(patch, FancyArrowPatch) for patch in picture.figure.axes[0].patches)


def test_a_picture_shows_itself_with_its_caption(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jupyter gets an image with alternative text, the grader a PNG, a terminal the caption; a file can be saved."""
    picture = pictures.Picture(Figure(figsize=(1, 1)), "an empty square")
    monkeypatch.delenv("SEQ2GRADE_GRADING", raising=False)
    shown = DisplayFormatter().format(pictures.Picture(picture.figure, 'a "<b>'))[0]
    assert set(shown) == {"text/plain", "text/html"}
    assert shown["text/html"].startswith('<img alt="a &quot;&lt;b&gt;" src="data:image/png;base64,iVBORw0KGgo')
    monkeypatch.setenv("SEQ2GRADE_GRADING", "load")
    shown = DisplayFormatter().format(picture)[0]
    assert set(shown) == {"text/plain", "image/png"}
    assert base64.b64decode(shown["image/png"]).startswith(PNG)
    assert repr(picture) == "[picture] an empty square"
    picture.save(tmp_path / "square.png")
    assert (tmp_path / "square.png").read_bytes().startswith(PNG)


@pytest.mark.parametrize("steps", [1, 3])
def test_the_unrolled_network_has_every_step(steps: int) -> None:
    """Each step has an input, a state, a prediction and a loss, four arrows, and the same weights."""
    picture = pictures.unrolled_rnn(steps)
    shown = words(picture)
    for t in range(1, steps + 1):
        assert {f"$x_{t}$", f"$h_{t}$", rf"$\hat{{y}}_{t}$", f"$J_{t}$"} <= set(shown)
    assert "$h_0$" in shown
    assert shown.count("$W_{hh}$") == steps
    assert arrows(picture) == 4 * steps
    assert picture.png().startswith(PNG)


def test_an_unrolled_network_without_steps_is_refused() -> None:
    """No steps, no picture: the message says what is expected."""
    with pytest.raises(ValueError, match="at least one step"):
        pictures.unrolled_rnn(0)


def test_a_graph_draws_each_node_and_edge_once() -> None:
    """Every node has one label and every edge one arrow, none of them red in a sound graph."""
    picture = pictures.graph(EDGES, "mine")
    assert sorted(words(picture)) == sorted(
        ["$W_{hh}$", "$h_{0}$", "$z_{1}$", "$h_{1}$", "$J_{1}$", "$J$", "$z_{2}$", "$h_{2}$"]
    )
    assert arrows(picture) == len(EDGES)
    assert red_arrows(picture) == 0
    assert "8 nodes and 7 edges" in picture.caption
    assert picture.png().startswith(PNG)


@pytest.mark.parametrize("odd", [("h2", "h1"), ("h1", "h1"), ("z2", "x1")])
def test_edges_against_time_are_red(odd: tuple[str, str]) -> None:
    """An edge to an earlier step, or from a node to itself, is the one red arrow."""
    assert red_arrows(pictures.graph(EDGES | {odd})) == 1


def test_unknown_names_are_drawn_and_named() -> None:
    """Nodes that are not of the network appear in the picture and in its caption, whatever they are called."""
    picture = pictures.graph(EDGES | {("Whh2", "z2"), ("$x_", "z1"), ("h", "z1")})
    assert "Whh2" in words(picture)
    assert "$x_, Whh2, h" in picture.caption
    assert picture.png().startswith(PNG)


def test_an_empty_graph_is_a_picture_too() -> None:
    """A student who returns no edges gets an empty drawing, not an error."""
    assert pictures.graph(set()).png().startswith(PNG)


def test_a_very_long_graph_stays_a_picture_of_bounded_size() -> None:
    """The width does not grow without end with the number of steps."""
    assert pictures.graph({("h1", "z100000")}).figure.get_size_inches()[0] <= 24


def test_gradient_norms_are_drawn_as_given() -> None:
    """Each curve shows its numbers against the lag on a logarithmic axis."""
    picture = pictures.gradient_norms({"shrinks": [1.0, 0.5, 0.25], "grows": [1.0, 2.0, 4.0]})
    axes = picture.figure.axes[0]
    assert axes.get_yscale() == "log"
    assert [list(line.get_ydata()) for line in axes.lines] == [[1.0, 0.5, 0.25], [1.0, 2.0, 4.0]]
    assert [list(line.get_xdata()) for line in axes.lines] == [[0, 1, 2], [0, 1, 2]]
    assert [str(line.get_label()) for line in axes.lines] == ["shrinks", "grows"]


def test_a_gradient_of_zero_is_said_where_it_cannot_be_drawn() -> None:
    """A curve ends where the norm becomes zero, and its label says at which lag."""
    picture = pictures.gradient_norms({"direct path only": [2.0, 0.0, 0.0], "broken": [1.0, math.inf, 1.0]})
    direct, broken = picture.figure.axes[0].lines
    assert list(direct.get_ydata()) == [2.0]
    assert str(direct.get_label()) == "direct path only (zero at lag 1)"
    assert math.isnan(list(broken.get_ydata())[1])
    assert picture.png().startswith(PNG)


def test_a_picture_waits_for_an_answer_that_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    """An unwritten function gives a kind sentence that names it; a broken one is named with its error."""

    def unwritten() -> pictures.Picture:
        raise NotImplementedError

    def broken() -> pictures.Picture:
        raise RuntimeError("sizes do not fit")

    assert pictures.when_ready("rnn_graph", unwritten) is None
    assert "once rnn_graph is written" in capsys.readouterr().out
    assert pictures.when_ready("dJt_dhi", broken) is None
    assert "dJt_dhi stops with RuntimeError: sizes do not fit" in capsys.readouterr().out


def test_a_picture_that_is_ready_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """A working answer gives its picture and no words."""
    picture = pictures.when_ready("rnn_graph", lambda: pictures.graph(EDGES))
    assert isinstance(picture, pictures.Picture)
    assert capsys.readouterr().out == ""


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2.1."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


@pytest.mark.parametrize("colour", [INK, SOFT, BLUE, ORANGE, GREEN, RED])
def test_labels_can_be_read_on_white(colour: str) -> None:
    """A contrast of 4.5 to 1 at least, as WCAG asks of text."""
    assert 1.05 / (luminance(colour) + 0.05) >= 4.5
