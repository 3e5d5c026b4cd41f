"""Tag every test cell with skip-execution, so that no test ever runs.

about: forge
expect: no gain
"""


def edit(notebook):
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["metadata"]["tags"] = ["skip-execution", "raises-exception"]


def after(grade, seen):
    assert any(repair.kind == "retagged" for repair in grade.repaired)
    tests = [cell for cell in grade.cells if cell.cell.startswith("test-")]
    assert [cell.status for cell in tests] == ["ok", "ok"] or "error" in [cell.status for cell in tests]
