"""Hand in files that the kernel reads before any cell runs, and that end its process there.

about: outlive
expect: full marks
points: 6
"""

from tests.attacks import RIGHT_ANSWER, RIGHT_CHOICE

DEADLY = b"import os\nos._exit(0)\n"
NAMES = ("debugpy", "sitecustomize", "usercustomize", "ipykernel_config", "ipython_config", "orjson", "xontrib", "dill")
FILES = {
    ".ipython/profile_default/startup/00.py": DEADLY,
    ".ipython/profile_default/ipython_kernel_config.py": DEADLY,
    ".config/matplotlib/matplotlibrc": b"backend: nonsense\n",
    **{f"{name}.py": DEADLY for name in NAMES},
}
ANSWER = RIGHT_ANSWER
CHOICE = RIGHT_CHOICE
