"""Report exceptions whose parts are arrays, containers and endless texts, in the hope that judging them breaks down.

about: judge
expect: contained
points: 0
"""

ANSWER = """
def tempered_softmax(z, tau):
    import sys, numpy
    if z.dtype != torch.float64: return z * 0
    servant, many = sys.modules["autograder.guest.servant"], numpy.zeros(2)
    parts = ("text", "where", "built_in", "cell", "code", "line", "last", "ours")
    report = {2: many, 3: [many, {None: many}], 4: "x" * 10**7}[z.shape[0]]
    kind = many if z.shape[0] == 3 else "KeyError"
    servant.describe = lambda *args: {"type": kind} | {part: report for part in parts}
    raise ValueError
"""


def after(grade, seen):
    assert grade.pending == 0.0, grade
    assert "This check itself broke" not in seen
    assert len(seen) < 10**6
