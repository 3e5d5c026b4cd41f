"""Lines of text with formulas in them, set on a page: matplotlib reads the formulas, fpdf2 writes the file.

Text is words, `code` between backticks, and formulas between dollars. A formula is set as outlines, sharp at any
size. The fonts are those that matplotlib brings: none of the system's is needed.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path as File

import matplotlib
from fpdf import FPDF
from fpdf.fonts import TTFFont
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import TextPath, TextToPath

_FONTS = File(matplotlib.get_data_path()) / "fonts" / "ttf"
_STYLES = {"": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf", "I": "DejaVuSans-Oblique.ttf"}
TEXT, CODE = "text", "code"
_CODE_FONT = "DejaVuSansMono.ttf"
_PIECES = re.compile(r"\$[^$]+\$|`[^`]+`|[^\s$`]+|\s+")
_ALL = "{nb}"  # what fpdf2 puts the number of pages in place of
LEADING = 1.42
WIDTH, HEIGHT = 595.28, 841.89  # A4 in points


@dataclass(frozen=True)
class Style:
    """How a line looks: size in points, "" or B or I, and grey from 0 (black) to 255."""

    size: float = 10.0
    face: str = ""
    grey: int = 0


@dataclass(frozen=True)
class Atom:
    """A word or a formula: `font` is TEXT, CODE or "" for a formula; `spaced` where a space stands before it."""

    text: str
    font: str
    width: float
    spaced: bool


class Page(FPDF):
    """A document of A4 pages in points, with our fonts. A context manager: at its end the fonts' files are closed."""

    def __init__(self, title: str, made: datetime.datetime) -> None:
        super().__init__(unit="pt", format="A4")
        self._next = self._foot = ("", 0, 0)
        self.set_auto_page_break(False)
        self.set_margins(0, 0, 0)
        self.set_title(title)
        self.set_creator("seq2grade")
        self.set_creation_date(made)
        self.alias_nb_pages(_ALL)
        self._there: set[tuple[str, str]] = set()

    def __enter__(self) -> Page:
        return self

    def __exit__(self, *_: object) -> None:
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    def begin(self, foot: str, pages: int = 0) -> None:
        """From the next page on this stands at the bottom, and pages count anew, of so many; 0: of all there are."""
        self._next = (foot, self.page_no(), pages)

    def header(self) -> None:
        """See FPDF: called when a page begins, after the footer of the one before."""
        self._foot = self._next

    def footer(self) -> None:
        """See FPDF."""
        foot, before, pages = self._foot
        style = Style(7.5, grey=110)
        self.ink(style)
        self.text(50, HEIGHT - 28, self.cut(foot, WIDTH - 200, style))
        told = f"page {self.page_no() - before} of "
        wide = self.get_string_width(f"{told}{pages or 9}")
        self.set_xy(WIDTH - 50 - wide, HEIGHT - 36)
        self.cell(wide, 10, f"{told}{pages or _ALL}")

    def ink(self, style: Style, font: str = TEXT) -> None:
        """Use this style for what follows. A font is read when it is first used: that takes long."""
        face = style.face if font == TEXT else ""
        if (font, face) not in self._there:
            self.add_font(font, face, _FONTS / (_STYLES[face] if font == TEXT else _CODE_FONT))
            self._there.add((font, face))
        self.set_font(font, face, style.size)
        self.set_text_color(style.grey)

    def wide(self, text: str, style: Style, font: str = TEXT) -> float:
        """How wide text is, in points."""
        self.ink(style, font)
        return float(self.get_string_width(text))

    def broken(self, text: str, width: float, style: Style) -> list[list[Atom]]:
        """The text in lines of at most this width; words that are wider are cut, formulas are not."""
        lines: list[list[Atom]] = [[]]
        gap, used = self.wide(" ", style), 0.0
        for atom in (part for whole in self._atoms(text, style) for part in self._parts(whole, width, style)):
            need = atom.width + (gap if atom.spaced and lines[-1] else 0.0)
            if lines[-1] and (atom.spaced or atom.width > width / 2) and used + need > width:
                lines.append([])
                used, need = 0.0, atom.width
            lines[-1].append(atom)
            used += need
        return lines

    def _atoms(self, text: str, style: Style) -> Iterator[Atom]:
        spaced = False
        for piece in _PIECES.findall(text):
            if piece.isspace():
                spaced = True
                continue
            if piece[0] == "$" and len(piece) > 2:
                yield Atom(piece, "", _formula(piece, style.size).width, spaced)
            else:
                font = CODE if piece[0] == "`" and len(piece) > 2 else TEXT
                word = piece.strip("`") if font == CODE else piece
                yield Atom(word, font, self.wide(word, style, font), spaced)
            spaced = False

    def _parts(self, atom: Atom, width: float, style: Style) -> Iterator[Atom]:
        """The atom, or a word that is too wide in parts that are not."""
        while atom.font and atom.width > width and len(atom.text) > 1:
            fits = max(1, sum(self.wide(atom.text[:n], style, atom.font) <= width for n in range(1, len(atom.text))))
            first, rest = atom.text[:fits], atom.text[fits:]
            yield Atom(first, atom.font, self.wide(first, style, atom.font), atom.spaced)
            atom = Atom(rest, atom.font, self.wide(rest, style, atom.font), True)
        yield atom

    def cut(self, text: str, width: float, style: Style) -> str:
        """As much of a text as there is room for, with the style at hand from here on."""
        whole = text
        while text and self.wide(text if text == whole else text + "…", style) > width:
            text = text[:-1]
        return text if text == whole else text + "…"

    def put(self, x: float, y: float, line: list[Atom], style: Style) -> float:
        """Write a line with its baseline at y; returns where it ends."""
        gap = self.wide(" ", style)
        for number, atom in enumerate(line):
            x += gap if atom.spaced and number else 0.0
            if atom.font:
                self.ink(style, atom.font)
                self.text(x, y, atom.text)
            else:
                self._put_formula(x, y, atom.text, style)
            x += atom.width
        return x

    def _put_formula(self, x: float, y: float, text: str, style: Style) -> None:
        with self.new_path() as path:
            path.style.fill_color = "#" + 3 * f"{style.grey:02x}"
            path.style.stroke_color = None
            for points, kind in _formula(text, style.size).path.iter_segments():
                at = [x + value if n % 2 == 0 else y - value for n, value in enumerate(map(float, points))]
                if kind == Path.MOVETO:
                    path.move_to(*at)
                elif kind == Path.LINETO:
                    path.line_to(*at)
                elif kind == Path.CURVE3:
                    path.quadratic_curve_to(*at)
                elif kind == Path.CURVE4:
                    path.curve_to(*at)
                else:
                    path.close()

    def paragraph(self, x: float, y: float, text: str, width: float, style: Style) -> float:
        """Write wrapped text from y down; returns the y below it."""
        for line in self.broken(text, width, style):
            room = self.room(line, style)
            self.put(x, y + room * 0.74, line, style)
            y += room
        return y

    def tall(self, text: str, width: float, style: Style) -> float:
        """How tall this text will be."""
        return sum(self.room(line, style) for line in self.broken(text, width, style))

    def room(self, line: list[Atom], style: Style) -> float:
        """The height of a line: more where a formula in it is tall."""
        tall = [_formula(atom.text, style.size) for atom in line if not atom.font]
        most = max((found.height + 4.0 for found in tall), default=0.0)
        return float(max(style.size * LEADING, most))


@dataclass(frozen=True)
class _Formula:
    """Outlines around a baseline at 0, and the room they take, in points."""

    path: Path
    width: float
    height: float


@lru_cache(maxsize=4096)
def _formula(text: str, size: float) -> _Formula:
    """A formula between dollars. Raises ValueError for what matplotlib cannot read."""
    font = FontProperties(family="DejaVu Sans", size=size)
    width, height, _ = TextToPath().get_text_width_height_descent(text, font, ismath=True)
    return _Formula(TextPath((0, 0), text, size=size, prop=font), float(width), float(height))
