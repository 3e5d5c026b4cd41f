"""Text from outside, made harmless before it meets a format. Renderers send every string through `plain`."""

from __future__ import annotations

import re
from urllib.parse import quote

LIMIT = 4000
CODE_LIMIT = 8000  # of a cell that is shown

# Terminal sequences: CSI; strings such as OSC, ended by BEL, by ST or, left open, with the line; the rest.
_TERMINAL = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]?"
)
# Controls; marks that reorder text or take no room; interlinear and tag characters.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_NEWLINE = re.compile("\r\n?|[\u0085\u2028\u2029]")
_STACKED = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})"
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
# A CI log reads a line that begins with `::name`, and `##[name]` anywhere, as a command to the runner.
_COMMAND = re.compile(r"(?:^|(?<=\s)):{2,}", re.MULTILINE)
_ORDINARY = re.compile("[ -~]*")


def plain(text: object, *, lines: bool = False, limit: int = LIMIT) -> str:
    """`text` as visible characters, at most `limit` of them; one line, unless `lines` keeps the line breaks.

    Terminal sequences, control characters, bidirectional overrides and invisible characters go; lone
    surrogates become U+FFFD, so the result always encodes; CI commands are broken apart. The result is text:
    each renderer still escapes it for its own format. Applying it twice changes nothing.
    """
    whole = str(text)
    # What is cut anyway need not be cleaned; the factor leaves room for what cleaning removes.
    raw = whole[: 4 * limit]
    if not _ORDINARY.fullmatch(raw) or "::" in raw or "##[" in raw:
        raw = _cleaned(raw)
    if not lines:
        raw = " ".join(raw.split())
    return raw if len(whole) <= 4 * limit and len(raw) <= limit else raw[: limit - 1].rstrip() + "…"


def _cleaned(raw: str) -> str:
    raw = _NEWLINE.sub("\n", raw)
    raw = _INVISIBLE.sub("", _TERMINAL.sub("", raw))
    raw = _STACKED.sub(r"\1", _SURROGATE.sub("\ufffd", raw))
    raw = raw.replace("##[", "# #[")
    return _COMMAND.sub(lambda found: " ".join(found[0]), raw)


def href(target: str) -> str:
    """`target` as a link that stays inside the report's own folder tree: an in-page `#anchor` made of word
    characters, or a relative path (not yet URL-encoded). Anything else, such as an absolute path, is "".
    """
    if re.fullmatch(r"#[A-Za-z0-9_-]+", target):
        return target
    path = plain(target, lines=True).replace("\\", "/")
    if not path or path.startswith(("/", "#")):
        return ""
    # Encoding the colon leaves no scheme: `javascript:x` becomes the name of a file.
    return quote(path, safe="/")


def points(value: float) -> str:
    """A number of points as people write it: at most two decimals, no trailing zeros."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def worth(value: float) -> str:
    """`1 point`, `2.5 points`."""
    return f"{points(value)} point" + "s" * (points(value) != "1")


def seconds(value: float) -> str:
    """A duration in words: `0.4 s`, `12 s`, `3 min 5 s`."""
    if value < 10:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 check`, `2 checks`, `no checks`."""
    word = noun if number == 1 else plural or noun + "s"
    return f"{number:,} {word}" if number else f"no {word}"
