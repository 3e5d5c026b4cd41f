"""Hand in pickles that act when loaded, archives that climb out of their folder, and odd names.

about: outlive
expect: full marks
points: 6
"""

import io
import os
import pickle
import zipfile
from pathlib import Path

from tests.attacks import RIGHT_ANSWER, RIGHT_CHOICE

MARK = Path("/tmp/s2g-attack-archive")
ANSWER, CHOICE = RIGHT_ANSWER, RIGHT_CHOICE


class Boom:
    """Makes a file when it is unpickled."""

    def __reduce__(self):
        return (os.system, (f"touch {MARK}",))


def zipped() -> bytes:
    """An archive with a member outside its folder."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../../../../tmp/s2g-attack-archive", "x")
    return buffer.getvalue()


FILES = {
    "model.pt": pickle.dumps(Boom()), "results.pkl": pickle.dumps(Boom()), ".OTTER_LOG": pickle.dumps(Boom()),
    "more.zip": zipped(), "-rf": b"x", "a b;touch c": b"x", ".hidden/conftest.py": b"raise SystemExit",
}  # fmt: skip


def after(grade, seen):
    assert not MARK.exists()
