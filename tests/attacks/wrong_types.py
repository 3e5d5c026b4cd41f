"""Answer with complex tensors, impossible booleans, timestamps, raw bytes and replies of no known form.

about: judge
expect: contained
points: 0
"""

ANSWER = """
import sys
def tempered_softmax(z, tau):
    if z.dtype != torch.float64: return z * 0
    if z.shape[0] == 3: return torch.complex(z, z)
    servant, wire = sys.modules["autograder.guest.servant"], sys.modules["autograder.guest.wire"]
    raw = {2: wire.pack({"raised": 5}), 4: b"\\x81\\xa2ok\\xd6\\xff\\x00\\x00\\x00\\x01"}[z.shape[0]]
    servant.pack = lambda *args: raw
    return z
"""
CHOICE = """
import numpy as np
answers["hot-limit"] = np.array([2], dtype=np.uint8).view(bool)
hot_tau = complex(500, 0)
"""