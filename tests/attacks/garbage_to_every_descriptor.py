"""Write garbage to every open descriptor, the kernel's sockets and the judge's channel among them.

about: judge
expect: contained
"""

FIRST = """
import os, threading
def spray():
    for fd in range(3, 200):
        try:
            os.set_blocking(fd, False)
            os.write(fd, os.urandom(64)); os.write(fd, b"\\x81\\xa2ok\\xc3" * 9)
        except (OSError, ValueError): pass
spray()
"""
LAST = "spray()"
