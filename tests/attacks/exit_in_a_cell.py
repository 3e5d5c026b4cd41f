"""End the process with exit code 0 right after a good answer, so that whatever score was there stays.

about: forge
expect: contained
points: 4
"""

from tests.attacks import RIGHT_ANSWER

ANSWER = RIGHT_ANSWER
CHOICE = 'answers["hot-limit"] = {"b"}\nhot_tau = 500.0\nimport os\nos._exit(0)'


def after(grade, seen):
    assert [cell.status for cell in grade.cells if cell.cell == "hot-limit"] == ["died"]
