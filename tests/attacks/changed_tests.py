"""Rewrite the locked test cells and their points.

about: forge
expect: no gain
"""


def edit(notebook):
    for cell in notebook["cells"]:
        marks = cell["metadata"].get("nbgrader", {})
        if marks.get("grade"):
            marks["points"], marks["locked"] = 1000, False
            if cell["cell_type"] == "code":
                cell["source"] = "print('passed')"


def after(grade, seen):
    assert {"edited", "retagged"} <= {repair.kind for repair in grade.repaired}
    assert grade.max_score == 6.0
