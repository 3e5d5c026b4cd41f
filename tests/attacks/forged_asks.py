"""Ask the judge for reference functions that were not offered, by names and arguments of the wrong kind.

about: judge
expect: contained
points: 0
"""

ANSWER = """
import sys
def tempered_softmax(z, tau):
    if z.dtype != torch.float64: return z * 0
    servant, wire = sys.modules["autograder.guest.servant"], sys.modules["autograder.guest.wire"]
    forged = {
        3: {"ask": ["tempered_softmax"], "args": [z, tau], "kwargs": {}},
        2: {"ask": "tempered_softmax", "args": [z, tau], "kwargs": {}},
        4: {"ask": "__import__", "args": {"os": 1}, "kwargs": [1]},
    }[z.shape[0]]
    servant.pack = lambda *args: wire.pack(forged)
    return z
"""
