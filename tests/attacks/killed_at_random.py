"""Be killed at ever other places, by a timer that no cell is to blame for, so that it looks like the machine's doing and
the points stay open.

about: twice
expect: no gain
points: 0 or 1
"""

from tests.attacks.cheat import own_cell

TIMER = """
import os, random, threading, time
threading.Timer(random.SystemRandom().uniform(0.02, 0.6), lambda: os.kill(os.getpid(), 9)).start()
"""


def edit(notebook):
    notebook["cells"].insert(0, own_cell("timer", TIMER))
    for number in range(12):
        notebook["cells"].insert(2 * number + 1, own_cell(f"wait{number}", "time.sleep(0.05)"))


def after(grade, seen):
    assert grade.error, "it lived, and nothing was tried"
