"""End the process in many ways, one after the other, around right answers, so that nobody knows which cell to blame.

about: clumsy
expect: full marks
points: 6
"""

from tests.attacks import RIGHT_ANSWER, RIGHT_CHOICE
from tests.attacks.cheat import own_cell

WAYS = (
    "import os\nos._exit(0)",
    "import os\nos.kill(os.getpid(), 9)",
    "exit()",
    "import asyncio\nasyncio.get_running_loop().stop()",
    "import os\nos.abort()",
    "import asyncio, sys\nasyncio.get_running_loop().call_soon(sys.exit)",
)
ANSWER = RIGHT_ANSWER
CHOICE = RIGHT_CHOICE


def edit(notebook):
    for number, way in enumerate(WAYS):
        notebook["cells"].insert(4 * number, own_cell(f"deadly{number}", way))


def after(grade, seen):
    assert [cell.cell for cell in grade.cells if cell.status == "died"] == [f"deadly{n}" for n in range(len(WAYS))]
