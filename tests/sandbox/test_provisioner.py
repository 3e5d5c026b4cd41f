"""Other clients of Jupyter run notebooks in the sandboxed kernel as in any other."""

from __future__ import annotations

from typing import Any

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from autograder.sandbox.client import Zygote
from autograder.sandbox.provisioner import SpecManager


def test_nbclient_runs_a_notebook_in_it(warm_backend: Zygote) -> None:
    """Outputs, results and the cells' numbers come as from an ordinary kernel."""
    cells = ["import os\nx = 20", "print(x)\nx + 1", "os.getcwd()"]
    notebook: Any = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    manager: Any = AsyncKernelManager(kernel_spec_manager=SpecManager())
    NotebookClient(notebook, km=manager, timeout=120).execute(zygote=warm_backend)
    assert [cell.execution_count for cell in notebook.cells] == [1, 2, 3]
    stream, result = notebook.cells[1].outputs
    assert (stream.text, result.data["text/plain"]) == ("20\n", "21")
    assert notebook.cells[2].outputs[0].data["text/plain"] == "'/home/student'"
