"""Warn on stderr, in right code: that is no reason to lose a point.

about: clumsy
expect: full marks
points: 6
"""

from tests.attacks import RIGHT_CHOICE

ANSWER = """
def tempered_softmax(z, tau):
    import logging, sys, warnings
    warnings.warn("nearly there")
    logging.getLogger().error("nothing is wrong")
    print("all good", file=sys.stderr)
    return torch.softmax(z / tau, dim=-1)
"""
CHOICE = RIGHT_CHOICE + "import warnings; warnings.warn('really')"
