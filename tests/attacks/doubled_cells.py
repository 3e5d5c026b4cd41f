"""Delete the tests, move the rest, and hand in several cells under the grade_id of one answer.

about: forge
expect: no gain
"""

import copy


def edit(notebook):
    cells = notebook["cells"]
    mine = [c for c in cells if c["metadata"].get("nbgrader", {}).get("solution")]
    kept = [c for c in cells if not c["metadata"].get("nbgrader", {}).get("grade")]
    notebook["cells"] = list(reversed(kept)) + [copy.deepcopy(c) for c in mine for _ in range(3)]
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"c{number}"
