"""Install handlers for every signal, block them all, and disarm the timer that ends a check.

about: exhaust
expect: contained
points: 2
"""

from tests.attacks import RIGHT_CHOICE

FIRST = """
import signal
for number in range(1, 64):
    try: signal.signal(number, lambda *a: None)
    except (OSError, ValueError): pass
"""
ANSWER = """
def tempered_softmax(z, tau):
    if z.dtype == torch.float64:
        import time
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))
        for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGINT): signal.signal(number, signal.SIG_IGN)
        while True: time.sleep(1)
    return z * 0
"""
CHOICE = RIGHT_CHOICE
