"""Fill all memory in a cell, in one process and in many.

about: exhaust
expect: contained
"""

LAST = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        block = bytearray(b"x") * (250 * 2**20)
        time.sleep(20); os._exit(0)
kept = []
while True: kept.append(bytearray(b"x") * 2**24)
"""
