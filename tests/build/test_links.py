"""A link in prose leads to a file that students receive, or the build says which does not."""

from __future__ import annotations

import pytest

from autograder.authoring import Cell
from autograder.build.links import links
from autograder.errors import BuildError

FOUND = [
    ('![a](a.png) and [b](<b c.csv> "title")', ["a.png", "b%20c.csv"]),
    ("see [here][one]\n\n[one]: data/x.csv", ["data/x.csv"]),
    (
        "<img src='x.png' width=3> <a href=\"y.csv\">y</a>\n\n<video><source src=z.mp4></video>",
        ["x.png", "y.csv", "z.mp4"],
    ),
    ("`[x](no.csv)` and ``![y](`no.png)``\n\n```\n[z](no.txt)\n```\n\n    ![w](no.png)", []),
    ("$f[i](x)$ and $$g[j](y)$$ and \\begin{align}h[k](z)\\end{align}", []),
    ("a price of \\$3 ![a](a.png) and \\$4", ["a.png"]),
    ("| a |\n|---|\n| ![a](a.png) |", ["a.png"]),
]


@pytest.mark.parametrize(("text", "found"), FOUND)
def test_links_are_found_as_jupyter_shows_them(text: str, found: list[str]) -> None:
    """Pictures and links of Markdown and HTML; not what stands in code or formulas."""
    assert list(links(Cell("markdown", text))) == found


LINKS = [
    ("![a](no.png)", "files/ has no no.png"),
    ('<img src="data/no.png">', "files/ has no data/no.png"),
    ("[a](/rows.csv)", "files/ has no /rows.csv"),
    ("[a](../other/rows.csv)", "files/ has no ../other/rows.csv"),
    ("![a](Rows.csv)", "there is rows.csv"),
    ("![a](files/rows.csv)", "link rows.csv"),
    ("![a](attachment:a.png)", "put the picture into files/"),
]


@pytest.mark.parametrize(("text", "says"), LINKS)
def test_a_link_that_leads_nowhere_fails_the_build(course, text: str, says: str) -> None:
    """The build says which cell, on which line of notebook.py, and writes nothing."""
    (course.folder / "files").mkdir()
    (course.folder / "files" / "rows.csv").write_text("1,2", encoding="utf-8")
    course.edit("notebook.py", "# ## 1. The function", f"# ## 1. The function\n#\n# {text}")
    with pytest.raises(BuildError, match=r"notebook\.py: cell 3 \(line 19\): the link ") as caught:
        course.build()
    assert says in str(caught.value)
    assert not (course.root / "release").exists()


def test_links_that_lead_somewhere_are_fine(course) -> None:
    """To a file or folder that is given along, to a place in the notebook, to the net, to the notebook itself."""
    (course.folder / "files" / "my data").mkdir(parents=True)
    (course.folder / "files" / "my data" / "rows.csv").write_text("1,2", encoding="utf-8")
    text = "[a](my%20data/rows.csv#top) [b](#two) [c](https://example.org/x.png) [d](<my data/>) [e](./demo.ipynb)"
    course.edit("notebook.py", "# ## 1. The function", f"# ## 1. The function\n#\n# {text} [f](mailto:a@b.c)")
    course.build()
