"""Sleep for ever inside the judged function.

about: exhaust
expect: contained
points: 2
"""

from tests.attacks import RIGHT_CHOICE

ANSWER = """
def tempered_softmax(z, tau):
    import time
    while z.dtype == torch.float64: time.sleep(3600)
    return z * 0
"""
CHOICE = RIGHT_CHOICE
