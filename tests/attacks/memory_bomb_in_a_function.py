"""Fill all memory inside the judged function, from several processes at once.

about: exhaust
expect: contained
points: 2
"""

from tests.attacks import RIGHT_CHOICE

ANSWER = """
def tempered_softmax(z, tau):
    if z.dtype == torch.float64:
        import os, time
        if z.shape[0] == 3: return torch.ones(2**33)
        kept = []
        for _ in range(6):
            if os.fork() == 0:
                block = bytearray(b"x") * (300 * 2**20)
                time.sleep(20); os._exit(0)
        while True: kept.append(bytearray(b"x") * 2**24)
    return z * 0
"""
CHOICE = RIGHT_CHOICE
