"""Return objects that only pretend to be arrays: __array__, __array_interface__, __float__, __index__, dlpack.

about: compare
expect: no gain
"""

ANSWER = """
import numpy as np
class Lazy(np.ndarray):
    def tobytes(self, *args): return b"\\0" * 8
    def __array_finalize__(self, obj): pass
    def __reduce__(self): return (print, ("reduced",))
class Number(float):
    def __float__(self): return 0.2
    def __eq__(self, other): return True

def tempered_softmax(z, tau):
    if tau < 0.75: return np.zeros((3, 5)).view(Lazy)
    return [[Number(0.1)] * 4] * 2
"""
CHOICE = 'answers["hot-limit"] = {"a"}\nhot_tau = Number(500.0 if False else 1.0)'
