"""A signature over what was kept of a grade: who changes it without the key of the course is found out.

HMAC with SHA-256 (RFC 2104) over canonical JSON. The key lies beside the results, which finds slips and edits by hand.
To find out somebody who may write there, keep it elsewhere, and say where in SEQ2GRADE_KEY.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.errors import GradebookError

VARIABLE = "SEQ2GRADE_KEY"
SIGNATURE = "signature"
_NAME = "key"
_BYTES = 32


def key_of(folder: Path) -> bytes:
    """The key of the course whose results lie in `folder`; made where there is none yet. Raises GradebookError."""
    place = Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else folder / _NAME
    try:
        if not place.exists():
            _make(place)
        key = bytes.fromhex(place.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise GradebookError(
            f"The key {place} cannot be read: {error}. It signs grades; name another file in {VARIABLE}, or put back "
            "the one that was there."
        ) from error
    if len(key) < _BYTES:
        raise GradebookError(f"The key {place} is no key: expected {2 * _BYTES} hexadecimal digits.")
    return key


def _make(place: Path) -> None:
    """Whole or not at all: of two that begin at once both use the one that is there first."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = place.with_name(f".{place.name}-{secrets.token_hex(6)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_BYTES) + "\n")
    try:
        with contextlib.suppress(FileExistsError):
            os.link(draft, place)
    finally:
        os.unlink(draft)


def sign(data: Mapping[str, Any], key: bytes) -> str:
    """The signature of plain data, whatever signature it has."""
    unsigned = {name: value for name, value in data.items() if name != SIGNATURE}
    text = json.dumps(unsigned, sort_keys=True, separators=(",", ":"))
    return hmac.new(key, text.encode("ascii"), hashlib.sha256).hexdigest()


def holds(data: Mapping[str, Any], key: bytes) -> bool:
    """Whether the signature in it is its own."""
    given = data.get(SIGNATURE)
    return isinstance(given, str) and hmac.compare_digest(given.encode(), sign(data, key).encode())
