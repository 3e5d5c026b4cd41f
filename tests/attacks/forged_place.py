"""Report an exception whose class, text and place spell the hidden inputs, in the hope that a message quotes them.

about: smuggle
expect: no leak
points: 0
"""

ANSWER = """
def tempered_softmax(z, tau):
    import sys
    if z.dtype != torch.float64: return z * 0
    servant, text = sys.modules["autograder.guest.servant"], str(z.tolist())
    parts = ("type", "text", "where", "built_in", "cell", "code", "line", "last", "ours")
    servant.describe = lambda *args: {part: text for part in parts}
    raise ValueError(text)
"""
