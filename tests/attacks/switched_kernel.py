"""Ask for another kernel and language in the metadata, one that would run outside any sandbox.

about: forge
expect: full marks
points: 6
"""

from tests.attacks import RIGHT_ANSWER, RIGHT_CHOICE

ANSWER, CHOICE = RIGHT_ANSWER, RIGHT_CHOICE


def edit(notebook):
    notebook["metadata"]["kernelspec"] = {
        "name": "bash", "display_name": "bash", "language": "bash",
        "metadata": {"kernel_provisioner": {"provisioner_name": "local-provisioner"}},
    }  # fmt: skip
    notebook["metadata"]["language_info"] = {"name": "bash"}


def after(grade, seen):
    assert any(repair.kind == "kernel" for repair in grade.repaired)
