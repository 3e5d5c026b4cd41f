"""Print lines over which a careless grader works for minutes, and markup that grows in it. The answers are right.

about: judge
expect: full marks
points: 6
"""

from tests.attacks import RIGHT_ANSWER, RIGHT_CHOICE

FIRST = r"""
import sys
from IPython.display import display
for text in (" ", "1, ", "\r", "\b", "x\b", "x\r", "\x1b[", "\x1b]", "<", "`", "[", "*_", "\u0301", "\n\r"):
    print(text * (30_000 // len(text)))
    sys.stderr.write(text * 3000)
shown = [display({"text/plain": "x"}, raw=True, display_id=str(number)) for number in range(20)]
for number in range(20): display({"text/plain": "x"}, raw=True, display_id="one")
display({"text/plain": "x" * 30_000}, raw=True, display_id="one", update=True)
raise type("x" * 10**6, (Exception,), {})("\b" * 10**6)
"""
ANSWER = RIGHT_ANSWER
CHOICE = RIGHT_CHOICE


def after(grade, seen):
    assert len(str(grade.notebook)) < 2**20
