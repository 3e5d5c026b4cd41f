"""What a file is that should be a notebook and is none: named for what it is, with what to do about it."""

from __future__ import annotations

import re
from typing import Any

_AGAIN = "hand in the notebook itself (the .ipynb file)"
# How other files begin. Longer beginnings come before shorter ones.
_BEGINNINGS = (
    (b"version https://git-lfs.github.com/", "a git-LFS pointer, not the notebook it stands for; run `git lfs pull`, "
                                             f"then {_AGAIN}"),
    (b"/annex/objects/", f"a git-annex pointer, not the notebook it stands for; run `git annex get`, then {_AGAIN}"),
    (b"%PDF-", f"a PDF document; {_AGAIN}"),
    (b"%!PS", f"a PostScript document; {_AGAIN}"),
    (b"{\\rtf", f"an RTF document; {_AGAIN}"),
    (b"\xd0\xcf\x11\xe0", f"an Office document; {_AGAIN}"),
    (b"PK\x05\x06", f"an empty zip archive; {_AGAIN}"),
    (b"PK\x03\x04", f"a zip archive; unpack it and {_AGAIN}"),
    (b"\x1f\x8b", f"compressed with gzip; unpack it and {_AGAIN}"),
    (b"BZh91AY&SY", f"compressed with bzip2; unpack it and {_AGAIN}"),
    (b"\xfd7zXZ", f"compressed with xz; unpack it and {_AGAIN}"),
    (b"\x28\xb5\x2f\xfd", f"compressed with zstd; unpack it and {_AGAIN}"),
    (b"7z\xbc\xaf\x27\x1c", f"a 7z archive; unpack it and {_AGAIN}"),
    (b"Rar!\x1a\x07", f"a RAR archive; unpack it and {_AGAIN}"),
    (b"\x89PNG", f"a picture (PNG); {_AGAIN}"),
    (b"\xff\xd8\xff", f"a picture (JPEG); {_AGAIN}"),
    (b"GIF8", f"a picture (GIF); {_AGAIN}"),
    (b"SQLite format 3\0", f"an SQLite database; {_AGAIN}"),
    (b"\x7fELF", f"a program; {_AGAIN}"),
    (b"\x00\x05\x16\x07", f"a file in which macOS keeps remarks about another, named ._ and so on; {_AGAIN}"),
    (b"book\0\0\0\0mark", f"an alias of macOS, not the notebook it points to; {_AGAIN}"),
    (b"L\0\0\0\x01\x14\x02\0", f"a shortcut of Windows, not the notebook it points to; {_AGAIN}"),
    (b"[InternetShortcut]", f"a link to a web page; {_AGAIN}"),
    (b"MIME-Version:", f"an e-mail message; {_AGAIN}"),
    (b"From: ", f"an e-mail message; {_AGAIN}"),
)  # fmt: skip
_WORDS = {
    b"[Content_Types].xml": f"an Office document (docx, xlsx or the like); {_AGAIN}",
    b"mimetypeapplication/vnd.oasis": f"an OpenDocument file; {_AGAIN}",
}
_CONFLICT = re.compile(rb"^(?:<{7}|\|{7}|>{7})(?:[ \t].*)?\r?$", re.MULTILINE)
# A line of seven signs underlines a heading in plain text; within JSON nothing but git leaves it.
_CONFLICT_IN_JSON = re.compile(rb"^(?:<{7}|\|{7}|={7}|>{7})(?:[ \t].*)?\r?$", re.MULTILINE)
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--|<!doctype\s+html|<(?:html|head|body|meta|script|title)\b)", re.IGNORECASE
)
_WIDE = (b"{\0\n\0", b"{\0\r\0", b"{\0 \0", b"\0{\0\n", b"\0{\0\r", b"\0{\0 ")  # UTF-16 without its mark
_HEAD = 4096


def foreign(raw: bytes) -> str:
    """What `raw` is, as the end of "The file is ..."; "" where nothing speaks against a notebook. Looks at the
    beginning only."""
    head = raw[:_HEAD]
    if not head.strip(b"\0") and not raw.strip(b"\0"):
        return f"full of zero bytes, as a broken copy or upload leaves it; {_AGAIN} again"
    plain = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"PK"):
        told = next((words for mark, words in _WORDS.items() if mark in head), "")
        if told:
            return told
    if head[257:262] == b"ustar":
        return f"a tar archive; unpack it and {_AGAIN}"
    if head.startswith((b"\xff\xfe", b"\xfe\xff", *_WIDE)):
        return (
            "text in UTF-16, as PowerShell and some editors write it, and a notebook is UTF-8; save it as UTF-8 "
            "and hand it in again"
        )
    found = next((words for mark, words in _BEGINNINGS if plain.startswith(mark) or head.startswith(mark)), "")
    return found or _page(head)


def _page(head: bytes) -> str:
    text = head.decode("utf-8", "replace").removeprefix("\ufeff")
    if not _HTML.match(text):
        return ""
    page = text.lower()
    if "google drive" in page or "drive.google" in page or "docs.google" in page or "accounts.google" in page:
        return f"a page of Google Drive (a warning, a limit, a login), not the notebook; download it again, {_AGAIN}"
    if "github" in page or "gitlab" in page:
        return f"a web page that shows a notebook, not the notebook; download the raw file and {_AGAIN}"
    if "<title>notebook" in page or "jp-notebook" in page or "nbconvert" in page:
        return f"a notebook exported as a web page (HTML); {_AGAIN}"
    return f"a web page (HTML), not the notebook; {_AGAIN}"


def broken(raw: bytes, line: int, at_end: bool) -> str:
    """Why text that begins like anything does not parse, as one sentence. `line` is where reading stopped."""
    first = raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    mark = (_CONFLICT_IN_JSON if first == b"{" else _CONFLICT).search(raw)
    if mark is not None:
        where = raw.count(b"\n", 0, mark.start()) + 1
        return (
            f"The file holds marks of a merge conflict that git left (line {where}: "
            f"{mark[0][:7].decode()}). Settle the conflict, see that it opens in Jupyter, and hand it in again."
        )
    if first not in (b"{", b"["):
        return (
            f"The file is plain text or code, not a notebook: its JSON is broken at line {line}. Hand in the "
            "notebook itself (the .ipynb file), not its text."
        )
    if at_end:
        return (
            f"The file is not a whole notebook: its JSON is broken at line {line}, where the file ends. It was cut "
            "off; hand in a complete copy that opens in Jupyter."
        )
    return (
        f"The file is not a notebook: its JSON is broken at line {line}, so Jupyter does not open it either. Hand "
        "in a copy that opens."
    )


def other_json(data: Any) -> str:
    """Why JSON is no notebook though it parses."""
    whole = data[0] if isinstance(data, list) and len(data) == 1 else data
    if isinstance(data, str):
        held = data.lstrip().startswith("{")
        return "The file is JSON but not a notebook: it holds one text and names no nbformat." + (
            " The text looks like a notebook that was saved as text; hand in the notebook itself." if held else ""
        )
    if isinstance(whole, dict):
        inner = whole.get("content", whole.get("notebook"))
        if (isinstance(data, list) and "cells" in whole) or (isinstance(inner, dict) and "cells" in inner):
            return (
                "The file is JSON with a notebook inside something else, so at its top it names no nbformat. Hand "
                "in the notebook itself, as Jupyter saves it."
            )
        if "doc_id" in whole or "url" in whole:
            return (
                "The file is a link to a document elsewhere, not a notebook: it names no nbformat. Download the "
                "notebook and hand it in."
            )
        if "paragraphs" in whole:
            return "The file is a Zeppelin notebook, not one of Jupyter: it names no nbformat."
    what = "a list" if isinstance(data, list) else "JSON"
    return f"The file is {what} but not a notebook: it names no nbformat. Hand in the notebook, as Jupyter saves it."
