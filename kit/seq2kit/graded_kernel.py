"""The kernel in which `python -m seq2kit check` runs a notebook: an ordinary one with the grader's limits on itself.

What cannot be limited on this machine is left as it is; the grader has its own walls.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import os
import sys
from collections.abc import Mapping
from typing import Any

MEMORY, WARM = "SEQ2KIT_MEMORY_MB", "SEQ2KIT_WARM"
NO_NETWORK = "there is no network while a notebook is graded"
# As the grader sets them (a test holds the two against each other).
SETTINGS = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "PYTHONDONTWRITEBYTECODE": "1",
    "OMP_WAIT_POLICY": "PASSIVE",
    "SEQ2GRADE_GRADING": "load",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "",
}
_NOT_THERE = ("SEQ2GRADE_PROFILE", "SEQ2GRADE_HANDIN", "SEQ2KIT_ONLINE", "PYTHONSTARTUP")


def environment(of: Mapping[str, str], ipython: str, memory_mb: int, warm: str) -> dict[str, str]:
    """The environment `of` this machine as the grader has it. ipython: an empty folder in place of IPython's own;
    warm: modules that are imported before the clock starts, with commas between."""
    kept = {name: value for name, value in of.items() if name not in _NOT_THERE}
    return {**kept, **SETTINGS, "IPYTHONDIR": ipython, MEMORY: str(memory_mb), WARM: warm}


def main() -> None:
    """Limit this process, then be a kernel."""
    for name in filter(None, os.environ.pop(WARM, "").split(",")):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    _limit_memory(int(os.environ.pop(MEMORY, "0")) * 2**20)
    sys.addaudithook(_no_network)
    if sys.path and sys.path[0] == "":
        del sys.path[0]  # IPython adds the notebook's folder; it comes last of what is looked at here
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance(argv=["--IPKernelApp.log_level=CRITICAL", *sys.argv[1:]])


def _limit_memory(room: int) -> None:
    """So many bytes beyond what is in use. Linux counts what a process may write to; other systems limit nothing."""
    if not room or not sys.platform.startswith("linux"):
        return
    import resource

    with open("/proc/self/statm", encoding="ascii") as file:
        used = int(file.read().split()[5]) * resource.getpagesize()
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (used + room, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def _no_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse connections that leave this machine."""
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if str(host) not in ("localhost", "127.0.0.1", "::1", "", "None"):
        raise OSError(errno.ENETUNREACH, NO_NETWORK)


if __name__ == "__main__":
    main()
