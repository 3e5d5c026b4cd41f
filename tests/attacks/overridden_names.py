"""Use print, open, input, list and id as names of one's own, in right code.

about: clumsy
expect: full marks
points: 6
"""


FIRST = "print = open = list = dict = type = isinstance = len = str = input = id = 3\nsum = max = repr = None"
ANSWER = """
def tempered_softmax(z, tau):
    getattr = 5
    return torch.softmax(z / tau, dim=-1)
"""
CHOICE = 'answers["hot-limit"] = ("b",)\nhot_tau = 500'
