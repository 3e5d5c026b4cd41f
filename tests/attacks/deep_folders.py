"""Folders in folders, deeper than any path is long, where the notebook lies and where everybody may write: whoever looks
through them by calling itself, or by their paths, breaks down, and they are left behind.

about: exhaust
expect: full marks
points: 6
"""

import os
import tempfile

from tests.attacks import RIGHT_ANSWER, RIGHT_CHOICE

ANSWER, CHOICE = RIGHT_ANSWER, RIGHT_CHOICE
FIRST = """
import os
here = os.getcwd()
for place, depth in ((here, 1200), ("/tmp", 1200)):
    os.chdir(place)
    for number in range(depth):
        os.mkdir("deep-folders")
        os.chdir("deep-folders")
os.chdir(here)
"""


def after(grade, seen):
    assert not os.path.exists("/tmp/deep-folders")
    assert not os.path.exists(os.path.join(tempfile.gettempdir(), "deep-folders"))
