"""Leave a process behind that survives the notebook, and wait for the next submission.

about: outlive
expect: contained
"""

from tests.support import processes_with, unique

WORD = unique()
FIRST = f"""
import os, sys
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, ["python", "-c", "import time; time.sleep(600)", "{WORD}"])
    os._exit(0)
"""


def after(grade, seen):
    assert not processes_with(WORD)
