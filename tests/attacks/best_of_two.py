"""Answer wrongly, remember the inputs wherever a fork can leave a trace, and answer rightly when they come again.

about: twice
expect: no gain
points: 3
"""

ASSIGNMENT = "chain"
FIRST = """
import hashlib, mmap, os, socket, tempfile, threading

places = [".", "/tmp", "/dev/shm", tempfile.gettempdir(), os.path.expanduser("~")]
shared = mmap.mmap(-1, 4096)                      # memory that every fork shares
reader, writer = os.pipe2(os.O_NONBLOCK)          # a pipe that outlives every fork
name = "\\0" + os.urandom(8).hex()
ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
ear.bind(name)                                    # heard by a thread of the notebook itself
heard = shared

def listen():
    while True:
        word = ear.recv(64)
        heard[2048 + word[0] * 4] = 1

threading.Thread(target=listen, daemon=True).start()

def seen(x):
    "Whether these numbers came before, to this process or to another."
    key = hashlib.md5(repr(x.tolist()).encode()).hexdigest()
    found = shared[int(key[:2], 16)] or shared[2048 + int(key[:2], 16) * 4]
    found = found or any(os.path.exists(os.path.join(place, "seen" + key)) for place in places)
    try:
        piped = os.read(reader, 65536)
    except OSError:
        piped = b""
    found = found or key.encode() in piped
    shared[int(key[:2], 16)] = 1
    os.write(writer, piped + key.encode())
    socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(bytes([int(key[:2], 16)]), name)
    for place in places:
        try:
            open(os.path.join(place, "seen" + key), "w").close()
        except OSError:
            pass
    return bool(found)
"""
ANSWERS = {
    "square": "def square(x):\n    return x * x",
    "length": "def length(x):\n    return x.norm() if seen(x) else x.norm() + 1.0",
}
