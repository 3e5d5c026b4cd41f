"""Take the judge's control socket and answer on it, before and after the notebook has ended.

about: forge
expect: no gain
points: 0
"""

LAST = """
import gc, os, socket, sys, threading
kernel = get_ipython().kernel
control = type(kernel).agent
frames, wire = sys.modules["autograder.guest.frames"], sys.modules["autograder.guest.wire"]
for _ in range(50): control.send(wire.pack({"exit": 0, "cpu": -1e9}))
def serve():
    while True:
        data, fds, _, _ = socket.recv_fds(control, 4096, 4)
        if not data: return
        for fd in fds:
            channel = socket.socket(fileno=fd)
            for _ in range(9):
                try: frames.receive_frame(channel); frames.send_frame(channel, wire.pack({"ok": 0.5}))
                except Exception: break
        control.send(wire.pack({"exit": 0, "cpu": 0.0}))
thread = threading.Thread(target=serve, daemon=True)
thread.start()
type(kernel).agent = None
"""


def after(grade, seen):
    assert grade.cpu_seconds >= 0
