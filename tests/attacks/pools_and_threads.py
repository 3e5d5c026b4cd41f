"""No cheat: answers that wait for a thread of the notebook's own, which a fork does not have.

about: clumsy
expect: full marks
points: 6
"""

from tests.attacks import RIGHT_CHOICE

ANSWER = """
from concurrent.futures import ThreadPoolExecutor
torch.set_num_threads(3)
torch.randn(1000, 1000).exp().sum()
pool = ThreadPoolExecutor(2)
pool.submit(abs, 1).result()
def tempered_softmax(z, tau):
    return pool.submit(lambda: torch.softmax(z / tau, -1)).result()
"""
CHOICE = RIGHT_CHOICE
