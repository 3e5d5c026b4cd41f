"""Print from right code, a lot: debugging output costs nothing.

about: clumsy
expect: full marks
points: 6
"""

from tests.attacks import RIGHT_CHOICE

ANSWER = """
def tempered_softmax(z, tau):
    for _ in range(200): print("z is", z)
    return torch.softmax(z / tau, dim=-1)
"""
CHOICE = RIGHT_CHOICE + "print('x' * 300000)"
