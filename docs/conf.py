"""Sphinx, for `make docs`: the pages of this folder as a site. What belongs together is said here, so that the pages
stay plain Markdown. See docs/decisions/0021-the-site-is-made-by-sphinx.md."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent

project = "seq2grade"
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "seq2grade"
html_show_copyright = False
exclude_patterns = ["site"]
myst_heading_anchors = 4  # as GitHub makes them
pygments_style = "default"  # its comments can be read: 4.5:1

# Pages below each page, by title of the group. What is nowhere here is a warning, and so an error.
TREES = {
    "index": {
        "Tutorials": ["tutorials/instructor", "tutorials/student", "tutorials/ci", "try-it"],
        "How to": [
            "how-to/new-assignment", "how-to/add-a-mistake", "how-to/change-a-bar", "how-to/regrade",
            "how-to/late-work", "how-to/lms", "how-to/gradescope", "how-to/gpu", "how-to/slurm", "how-to/import",
            "troubleshooting",
        ],
        "Reference": [
            "reference/commands", "reference/assignment-toml", "reference/expect", "reference/draw",
            "reference/student", "reference/checks", "authoring", "grading", "export", "results-schema", "students",
            "dependencies", "coverage",
        ],
        "Explanation": ["security", "comparison", "coming-from/nbgrader", "coming-from/otter", "decisions/README"],
    },
    "decisions/README": {"Decisions": sorted(f"decisions/{path.stem}" for path in (HERE / "decisions").glob("0*.md"))},
}  # fmt: skip


def _with_trees(app: Any, page: str, source: list[str]) -> None:
    """Add the navigation to a page's text."""
    groups = dict(TREES.get(page, {}))
    if page == "index":  # pages that came after this list stand at its end, rather than nowhere
        known = {"index", *(one for tree in TREES.values() for group in tree.values() for one in group)}
        further = sorted(app.env.found_docs - known)
        groups |= {"More": further} if further else {}
    for caption, pages in groups.items():
        lines = "\n".join(f"/{one}" for one in pages)
        source[0] += f"\n\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{lines}\n```\n"


def _verify_reference(app: Any) -> None:
    """Refuse reference pages that are not what the code says."""
    from sphinx.errors import ExtensionError

    spec = importlib.util.spec_from_file_location("generate", HERE / "reference" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if old := module.stale():
        raise ExtensionError(f"not what the code says: {', '.join(old)}: run docs/reference/generate.py")


def setup(app: Any) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("builder-inited", _verify_reference)
    app.connect("source-read", _with_trees)
    return {"parallel_read_safe": True}
