"""Talk to the outside and to this machine: web, DNS, SSH, a scheduler, the Docker socket.

about: search
expect: contained
needs: network
"""

FIRST = """
import socket, urllib.request
for target in (("127.0.0.1", 22), ("127.0.0.1", 8786), ("1.1.1.1", 53), ("169.254.169.254", 80), ("::1", 22)):
    try: socket.create_connection(target, 1); print("CONNECTED", target)
    except OSError as error: print(type(error).__name__)
for path in ("/var/run/docker.sock", "/run/docker.sock", "/run/munge/munge.socket.2", "\\0docker"):
    try: socket.socket(socket.AF_UNIX).connect(path); print("CONNECTED", path)
    except OSError as error: print(type(error).__name__)
try: urllib.request.urlopen("http://example.org", timeout=1); print("CONNECTED")
except OSError as error: print(type(error).__name__)
"""


def after(grade, seen):
    output = grade.notebook["cells"][0]["outputs"][0]["text"]
    assert "CONNECTED" not in output
    assert len(output.splitlines()) == 10
