"""Fill every place that can be written to.

about: exhaust
expect: contained
"""

LAST = """
import os
for place in (".", "/tmp", "/dev/shm", "/home/student", "/var/tmp"):
    for number in range(40):
        try: open(f"{place}/full{number}", "wb").write(b"x" * 2**20)
        except OSError: break
"""
