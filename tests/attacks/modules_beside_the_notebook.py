"""Leave torch.py, numpy.py and json.py beside a right notebook, as students do by mistake.

about: outlive
expect: full marks
points: 6
"""

from tests.attacks import RIGHT_ANSWER, RIGHT_CHOICE

ANSWER, CHOICE = RIGHT_ANSWER, RIGHT_CHOICE
FILES = dict.fromkeys(("torch.py", "numpy.py", "json.py", "random.py"), b"raise ImportError('not the real one')")
