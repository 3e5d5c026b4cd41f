"""Solutions show what a run of them showed; whether they are up to date does not hang on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.build.assemble import bare
from autograder.build.outputs import ALL, EACH, outputs_of, with_outputs, without_outputs
from autograder.build.source import from_text, to_text

ROOT = Path(__file__).resolve().parents[2]


def notebook(*outputs: list[dict[str, Any]]) -> dict[str, Any]:
    cells = [
        {"cell_type": "code", "id": f"c{n}", "metadata": {}, "source": "1", "outputs": out, "execution_count": None}
        for n, out in enumerate(outputs)
    ]
    prose = {"cell_type": "markdown", "id": "prose", "metadata": {}, "source": "text"}
    return {"cells": [prose, *cells], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def printed(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def shown(**data: str) -> dict[str, Any]:
    return {
        "output_type": "display_data",
        "metadata": {"x": 1},
        "data": {k.replace("_", "/"): v for k, v in data.items()},
    }


def test_text_and_figures_are_kept_and_nothing_that_can_act() -> None:
    """HTML, scripts, widgets and warnings on stderr stay behind; a value is shown as text."""
    value = {"output_type": "execute_result", "execution_count": 7, "metadata": {}, "data": {"text/plain": "3"}}
    ran = notebook(
        [printed("a"), printed("warning", "stderr"), shown(image_png="iVBO", text_html="<script>", text_plain="p")],
        [shown(text_html="<b>")],
        [value],
    )
    kept = outputs_of(with_outputs(without_outputs(ran), outputs_of(ran)))
    assert kept["c0"] == [
        printed("a"),
        {"output_type": "display_data", "data": {"text/plain": "p", "image/png": "iVBO"}, "metadata": {}},
    ]
    assert "c1" not in kept
    assert kept["c2"] == [{"output_type": "display_data", "data": {"text/plain": "3"}, "metadata": {}}]


def test_a_figure_is_told_in_words() -> None:
    """The caption of a picture of the kit's becomes its alternative text, where nbconvert looks for it."""
    ran = notebook([shown(image_png="iVBO", text_plain="[picture] Two <lines>."), shown(text_plain="[picture] None.")])
    one, other = outputs_of(with_outputs(without_outputs(ran), outputs_of(ran)))["c0"]
    assert one["metadata"] == {"image/png": {"alt": "Two <lines>."}}
    assert other["metadata"] == {}


def test_size_is_bounded_for_an_output_and_for_all() -> None:
    """What is too large is a sentence instead, and the small ones after it are still there."""
    many = [printed("x" * (EACH - 100)) for _ in range(ALL // EACH + 3)]
    ran = notebook([printed("y" * EACH), printed("small")], many)
    kept = with_outputs(without_outputs(ran), outputs_of(ran))
    first, second = kept["cells"][1]["outputs"]
    assert "left out" in first["text"]
    assert second == printed("small")
    assert len(json.dumps(kept)) < ALL + 20_000
    assert "left out" in kept["cells"][2]["outputs"][-1]["text"]


def test_only_what_was_compiled_is_compared(course) -> None:
    """Outputs in the solution are no drift; in the release they are, and so is a changed cell under the outputs."""
    course.build()
    step = {name: course.root / name / "demo" / "demo.ipynb" for name in ("source", "release", "solutions")}
    for name, path in step.items():
        text = path.read_text(encoding="utf-8")
        compiled = from_text(text)
        changed = with_outputs(compiled, {cell["id"]: [printed("hello")] for cell in compiled["cells"]})
        path.write_text(to_text(changed), encoding="utf-8")
        found = course.build(write=False).changed
        assert found == (() if name == "solutions" else (path,))
        changed["cells"][-1]["source"] += "\n# more"
        path.write_text(to_text(changed), encoding="utf-8")
        assert course.build(write=False).changed == (path,)
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("text", [b"", b"\xff", b"{}", b"[]", b'{"cells": 3, "nbformat": 4, "nbformat_minor": 5}'])
def test_what_is_no_notebook_is_compared_as_it_is(text: bytes) -> None:
    """A file that somebody broke differs from what is compiled; it stops nothing."""
    assert bare(text) == text


@pytest.mark.parametrize("path", sorted(ROOT.glob("solutions/*/*.ipynb")), ids=lambda path: path.parent.name)
def test_each_solution_of_this_course_shows_its_figures(path: Path) -> None:
    """Whoever opens one sees what the figures should look like, or hears what they show, and meets no error."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", ())]
    figures = [output for output in outputs if "image/png" in output.get("data", {})]
    assert figures
    assert all(figure["metadata"]["image/png"]["alt"] for figure in figures)
    assert not any(output["output_type"] == "error" for output in outputs)
    assert path.stat().st_size < ALL + 500_000
