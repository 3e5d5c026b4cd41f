"""Search /proc for other processes, their arguments and files, and the own memory for what the checks hold.

about: search
expect: no leak
"""

FIRST = """
import glob, os, re
word = ("yranac"[::-1] + "-4d1e7c").encode()
for path in glob.glob("/proc/[0-9]*/cmdline") + glob.glob("/proc/[0-9]*/environ"):
    try:
        if re.search(rb"pytest|submitted|checks|gradebook|secret", open(path, "rb").read()): print("FOUND", path)
    except OSError: pass
for path in glob.glob("/proc/[0-9]*/fd/*") + glob.glob("/proc/[0-9]*/root") + glob.glob("/proc/[0-9]*/map_files/*"):
    try:
        if re.search("checks|gradebook|submitted|pytest", os.readlink(path)): print("FOUND", path)
    except OSError: pass
needle = word[::-1]   # the memory holds the word itself, because this cell does
size = 0
with open("/proc/self/mem", "rb", 0) as memory:
    for line in open("/proc/self/maps"):
        begin, end = (int(n, 16) for n in line.split()[0].split("-"))
        if " rw" in line and size < 400 * 2**20:
            try:
                memory.seek(begin)
                block = memory.read(end - begin)
            except (OSError, ValueError, OverflowError): continue
            size += len(block)
            if b"rows_match_the" + b"_definition" in block.replace(b"rows_match_the'", b""): print("FOUND in memory")
"""
