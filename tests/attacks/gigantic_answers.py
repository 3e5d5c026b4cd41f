"""Claim frames of an exabyte, send hundreds of megabytes, and arrays whose shapes are negative, huge or empty.

expect: contained
points: 0
"""

ANSWER = """
import struct, sys
def tempered_softmax(z, tau):
    if z.dtype != torch.float64: return z * 0
    servant = sys.modules["autograder.guest.servant"]
    import msgpack
    def ext(code, fields):
        body = msgpack.packb(fields)
        return b"\\x81\\xa2ok" + msgpack.packb(msgpack.ExtType(code, body))
    if z.shape[0] == 3: return torch.empty(2**27)
    shapes = {2: [-3, -5], 4: [0, 2**62, 2**3]}
    raw = ext(2, ["float64", shapes[z.shape[0]], False, b"\\0" * (120 if z.shape[0] == 2 else 0)])
    if z.shape[0] == 2:
        servant.send_frame = sys.modules["autograder.guest.agent"].send_frame = \\
            lambda sock, data: sock.sendall(struct.pack(">Q", 2**60) + b"\\0" * 2**24)
    servant.Servant.handle = lambda self, data: raw
    return z
"""
