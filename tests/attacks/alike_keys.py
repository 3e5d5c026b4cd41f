"""Answer with sets and dictionaries of keys that all have the same hash, so that putting them together never ends.

about: judge
expect: contained
points: 0
"""

ANSWER = """
import struct, sys
def tempered_softmax(z, tau):
    if z.dtype != torch.float64: return z * 0
    import msgpack
    servant = sys.modules["autograder.guest.servant"]
    count = 200_000
    keys = [msgpack.ExtType(5, msgpack.packb([-1000003.0 * i, float(i)])) for i in range(count)]
    keys = b"".join(map(msgpack.packb, keys))
    raw = b"\\x81\\xa2ok" + msgpack.packb(msgpack.ExtType(4, b"\\xdd" + struct.pack(">I", count) + keys))
    if z.shape[0] == 3:
        raw = b"\\x81\\xa2ok\\xdf" + struct.pack(">I", count) + b"".join(
            msgpack.packb(msgpack.ExtType(5, msgpack.packb([-1000003.0 * i, float(i)]))) + b"\\xc0"
            for i in range(count))
    servant.pack = lambda *args: raw
    return z
"""


def after(grade, seen):
    assert grade.pending == 0.0, grade
    assert grade.cpu_seconds < 60.0, grade.cpu_seconds  # of the judge, too: an idle machine is not asked for
