"""Send the grader one message of endless parts, and then more messages than it can keep.

about: judge
expect: full marks
points: 6
"""

from tests.attacks import RIGHT_ANSWER, RIGHT_CHOICE

FIRST = """
import socket, time
kernel = get_ipython().kernel
out = kernel.iopub_thread.socket if hasattr(kernel, "iopub_thread") else kernel.iopub_socket.io_thread.socket
part = bytes(2**20)
end = time.time() + 4
while time.time() < end: out.send_multipart([part] * 50, copy=False); time.sleep(0.02)
while time.time() < end + 3: out.send_multipart([b"x"] * 50)
"""
ANSWER = RIGHT_ANSWER
CHOICE = RIGHT_CHOICE
