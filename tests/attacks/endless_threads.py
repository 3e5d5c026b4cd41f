"""Leave threads behind that spin, allocate, and swap functions while the judge looks.

about: exhaust
expect: no gain
"""

FIRST = """
import threading, time
def spin():
    while True:
        globals()["hot_tau"] = 1.0 if time.time() % 1 < 0.5 else "x"
        sum(range(10000))
for _ in range(2): threading.Thread(target=spin, daemon=True).start()
"""
