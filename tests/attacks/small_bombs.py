"""Send a few dozen megabytes that would unpack to gigabytes: millions of empty containers, flat and nested.

about: judge
expect: contained
points: 0
"""

ANSWER = """
import struct, sys
def tempered_softmax(z, tau):
    if z.dtype != torch.float64: return z * 0
    servant = sys.modules["autograder.guest.servant"]
    count = 50 * 2**20
    one = b"\\x90" if z.shape[0] == 3 else b"\\x80"
    raw = b"\\x81\\xa2ok\\xdd" + struct.pack(">I", count) + one * count
    if z.shape[0] == 4:
        raw = b"\\x81\\xa2ok\\xdd" + struct.pack(">I", 10**6) + (b"\\xdc\\x00\\x14" + b"\\x90" * 20) * 10**6
    servant.pack = lambda *args: raw
    return z
"""


def after(grade, seen):
    import resource

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 3 * 2**20  # kilobytes
