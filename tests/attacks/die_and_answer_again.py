"""Give a wrong answer, end the fork at the next request, and give the right one when everything is asked again.

about: twice
expect: no gain
points: 3
"""

ASSIGNMENT = "chain"
FIRST = """
import mmap, os

tries, calls = mmap.mmap(-1, 4096), [0]
"""
ANSWERS = {
    "square": "def square(x):\n    return x * x",
    "length": """
def length(x):
    calls[0] += 1
    if calls[0] == 1:
        return x.norm() if tries[0] else x.norm() + 1.0
    if not tries[0]:
        tries[0] = 1
        os.kill(os.getpid(), 9)
    return x.norm()
""",
}
LAST = "calls[0] = 0"
