"""What the warm process imports before it forks: what the notebooks of its course use, which each fork would have to
import anew, and no more, for a fork costs more the more there is.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.costly import ALL, KIT, import_all, import_for_kit, wanted_by
from autograder.sandbox import lean

# What every kernel needs, and what nearly every notebook of such a course does.
_ALWAYS = (
    "numpy", "numpy.random", "torch", "torch.nn.functional", "torch.optim", "torch.func", "torch.utils.data",
    "torch.autograd.functional", "safetensors.torch", "matplotlib", "matplotlib.pyplot", "matplotlib.font_manager",
    "matplotlib_inline.backend_inline", "matplotlib.backends.backend_agg", "IPython.core.completer",
    "IPython.core.magics", "IPython.lib.pretty", "ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.comm",
    "ipywidgets", "tqdm.auto", "autograder.sandbox.kernel", "autograder.sandbox.supervisor", "seq2kit",
)  # fmt: skip
# What IPython and ipykernel import only when a kernel starts or first shows an error, in one version or another.
_IN_A_KERNEL = (
    "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.debugger_backport", "IPython.core.logger",
    "IPython.core.magic_arguments", "IPython.core.magics.ast_mod", "IPython.core.magics.execution",
    "IPython.core.magics.pylab", "IPython.core.oinspect", "IPython.extensions.storemagic", "IPython.utils.module_paths",
    "IPython.utils.wildcard", "pdb", "pygments.formatters.terminal256", "pygments.styles", "stack_data",
    "tornado.platform.asyncio",
)  # fmt: skip
_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]+\(?([\w \t,]*)|import[ \t]+([\w. \t,]+))", re.MULTILINE
)


def imported(text: str) -> tuple[str, ...]:
    """The modules that a text of Python may import, by its lines alone: `from a import b` gives a and a.b."""
    found = []
    for origin, names, plain in _IMPORT.findall(text):
        words = [name.split()[0] for name in (names or plain).split(",") if name.strip()]
        found += words if plain else [origin, *(f"{origin}.{word}" for word in words)]
    return tuple(dict.fromkeys(found))


def wanted(texts: Iterable[str]) -> tuple[str, ...]:
    """The modules of the kit that these notebooks import, and the costly others that they name."""
    modules = []
    for text in texts:
        modules += [name for name in imported(text) if name.partition(".")[0] == KIT]
        modules += wanted_by(text)
    return tuple(dict.fromkeys(modules))


def everything() -> tuple[str, ...]:
    """All modules of the kit, and all costly ones: for whoever cannot tell what will be used."""
    spec = importlib.util.find_spec(KIT)
    place = Path(str(spec.origin)).parent if spec is not None else Path(os.devnull)
    files = (file for file in sorted(place.rglob("*.py")) if file.stem != "__init__")
    kit = [".".join((KIT, *file.relative_to(place).with_suffix("").parts)) for file in files]
    return (*kit, *ALL)


def preload(modules: Sequence[str], for_one: bool = False) -> list[str]:
    """Import them, with what every kernel needs and what the kit's modules among them use within functions, which may
    not be called: `for_one` submission that is left to whoever calls them. Returns the names of what every kernel
    needs that are not installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        absent = import_all(_ALWAYS)
        lean.forget_debugger()
        lean.know_backends()
        import_all(_IN_A_KERNEL)
        import_all(modules)  # a name of `from a import b` need not be a module
        if not for_one:
            import_for_kit()
        lean.know_files()  # after the last import: it looks at every module
        _single_thread()
    return absent


def _single_thread() -> None:
    """With more, a fork inherits a thread pool that is not there."""
    import torch

    torch.set_num_threads(1)
    with contextlib.suppress(RuntimeError):
        torch.set_num_interop_threads(1)
