"""Answer with lists nested to the limit of every parser, as values and as raw bytes.

about: judge
expect: contained
points: 0
"""

ANSWER = """
import sys
def tempered_softmax(z, tau):
    if z.dtype != torch.float64: return z * 0
    nested = z
    if z.shape[0] == 3:
        for _ in range(300): nested = [nested]
        return nested
    depth = 900 if z.shape[0] == 2 else 10**6
    raw = b"\\x81\\xa2ok" + b"\\x91" * depth + b"\\xc0"
    sys.modules["autograder.guest.servant"].pack = lambda *args: raw
    return z
"""
CHOICE = """
answers["hot-limit"] = {"a"}
for _ in range(300): answers = {"hot-limit": answers}
hot_tau = [answers]
"""
