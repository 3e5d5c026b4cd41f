"""Hand in a notebook whose stored outputs say that everything has passed.

about: forge
expect: no gain
"""


def edit(notebook):
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["execution_count"] = 1
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "6/6 passed FORGED"}]


def after(grade, seen):
    assert "FORGED" not in str(grade.notebook)
