"""Compiled solutions as pages, as somebody reads them who does not see their figures or reads on a telephone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert import HTMLExporter

from tests.browser.chromium import PHONE, at, opened, serious, unnamed_pictures

REPOSITORY = Path(__file__).resolve().parents[2]
# One with tables, folded paragraphs and ten figures. What a figure is called, tests/build/test_outputs.py asks of all.
NAMES = ("concepts",)
# What is ours in such a page: prose and output. Prompts, the colours of code, and whether a link is underlined are
# nbconvert's. Its template "classic" is the one that formgrader and feedback extend; "lab" leaves captions out.
OURS, THEIRS = ".rendered_html, .output_area", "link-in-text-block"


@pytest.mark.parametrize("name", NAMES)
def test_figures_and_prose_can_be_read(chromium: Any, tmp_path: Path, name: str) -> None:
    """Every picture says what it shows, and axe finds nothing serious in prose and outputs (contrast, tables)."""
    notebook = nbformat.read(REPOSITORY / "solutions" / name / f"{name}.ipynb", as_version=4)
    body, _ = HTMLExporter(template_name="classic", mathjax_url="").from_notebook_node(notebook)
    (path := tmp_path / "page.html").write_text(body, encoding="utf-8")
    with opened(chromium, size=PHONE) as page:
        page.goto(at(path))
        assert page.locator("img").count() > 0
        assert page.get_by_alt_text("No description").count() == 0  # what nbconvert says of a figure without a caption
        assert unnamed_pictures(page) == []
        assert [one for one in serious(page, OURS) if not one.startswith(THEIRS)] == []
