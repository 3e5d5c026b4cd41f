"""Carry the hidden inputs out in the name and the text of an exception.

about: smuggle
expect: no leak
points: 0
"""

ANSWER = """
def tempered_softmax(z, tau):
    if z.dtype != torch.float64: return z * 0
    text = str(z.tolist()) + str(float(tau))
    raise type(text, (Exception,), {"__str__": lambda self: text, "__module__": text})(text)
"""
