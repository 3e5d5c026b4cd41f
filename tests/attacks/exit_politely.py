"""Raise SystemExit, KeyboardInterrupt and GeneratorExit inside the judged function instead of answering.

about: forge
expect: contained
points: 2
"""

from tests.attacks import RIGHT_CHOICE

ANSWER = """
import sys
def tempered_softmax(z, tau):
    if z.shape == (3, 5): sys.exit(0)
    if z.shape == (2, 4): raise KeyboardInterrupt
    raise GeneratorExit
"""
CHOICE = RIGHT_CHOICE
