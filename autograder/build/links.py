"""Links to files beside the notebook: each must lead to one that students receive."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt

from autograder.assignment import Assignment
from autograder.authoring import Cell
from autograder.errors import BuildError

# Taken out first, as Jupyter does: $f[i](x)$ is no link.
_MATH = re.compile(
    r"\$\$.*?\$\$|(?<![\\$])\$(?!\s)[^$\n]*(?:\n[^$\n]+)*\$|\\begin\{(\w+\*?)\}.*?\\end\{\1\}", re.DOTALL
)
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)|^(?:```|~~~).*?^(?:```|~~~)", re.DOTALL | re.MULTILINE)
_SOURCES = {**dict.fromkeys(("img", "source", "video", "audio", "iframe", "embed"), "src"), "a": "href"}


class _Sources(HTMLParser):
    """Collects what tags of HTML show or link to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See HTMLParser."""
        value = dict(attrs).get(_SOURCES.get(tag, ""))
        if value:
            self.found.append(value)


def verify_links(assignment: Assignment) -> None:
    """Raises BuildError for a link in prose to a file that will not lie beside the notebook, with its cell."""
    given = set(assignment.given()) | {f"{assignment.id}.ipynb"}
    folders = {str(above) for name in given for above in PurePosixPath(name).parents}
    lines = []
    for number, cell in enumerate(assignment.cells, start=1):
        for link in links(cell) if cell.type == "markdown" else ():
            problem = _problem(link, given, folders)
            if problem:
                where = f"cell {cell.grade_id or number}" + (f" (line {cell.line})" if cell.line else "")
                lines.append(f"{assignment.folder / cell.file}: {where}: {problem}")
    if lines:
        raise BuildError("\n".join(lines))


def links(cell: Cell) -> Iterator[str]:
    """Everything that a Markdown cell links to or shows, as it is written."""
    code: list[str] = []

    def keep(found: re.Match[str]) -> str:
        code.append(found[0])
        return f"\0{len(code) - 1}\0"

    text = _MATH.sub(" ", _CODE.sub(keep, cell.source))
    text = re.sub("\0(\\d+)\0", lambda found: code[int(found[1])], text)
    tokens = MarkdownIt("commonmark").parse(text)
    for token in (inner for outer in tokens for inner in (outer, *(outer.children or ()))):
        if token.type in ("image", "link_open"):
            yield str(token.attrGet("src") or token.attrGet("href") or "")
        elif token.type in ("html_inline", "html_block"):
            parser = _Sources()
            parser.feed(token.content)
            yield from parser.found


def _problem(link: str, given: set[str], folders: set[str]) -> str:
    """What is wrong with a link; "" for one that leads elsewhere on the net, within the notebook, or to a file."""
    if link.startswith("attachment:"):
        return f"the link {link} needs an attachment, which text cannot hold; put the picture into files/"
    try:
        parts = urlsplit(link)
    except ValueError:
        return f"the link {link} is no address"
    if parts.scheme or parts.netloc or not parts.path:
        return ""
    path = PurePosixPath(unquote(parts.path))
    name = str(PurePosixPath(*(part for part in path.parts if part != ".")))
    if name in given or name in folders:
        return ""
    inside = PurePosixPath(*path.parts[1:]) if len(path.parts) > 1 else path
    if path.parts[0] == "files" and str(inside) in given:
        return f"the link {link} leads nowhere: what lies in files/ comes to lie beside the notebook; link {inside}"
    other = next((one for one in sorted(given) if one.lower() == name.lower()), "")
    told = f"; there is {other}" if other else ""
    return f"the link {link} leads nowhere: files/ has no {name}{told}"
