"""Claim frames of an exabyte, send hundreds of megabytes, and arrays whose shapes are negative, huge or empty.

about: judge
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
    raw = ext(2, ["float64", [0, 2**62, 2**3], False, b""])
    if z.shape[0] == 2: raw = ext(2, ["float64", [-3, -5], False, b"\\0" * 120])
    if z.shape[0] == 3: raw = ext(2, ["float64", [2**27], False, b""])
    size = {2: 2**60, 3: 2**27, 4: len(raw)}[z.shape[0]]
    def send(sock, data):
        sock.sendall(struct.pack(">Q", size) + data)
        while size > 2**20: sock.sendall(bytes(2**20))
    sys.modules["autograder.guest.agent"].send_frame = send
    servant.pack = lambda *args: raw
    return z
"""
