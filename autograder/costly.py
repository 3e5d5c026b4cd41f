"""Modules that take a second to import, and by what the text of another module or of a notebook tells that it will want
them: whoever is forked often, or waited for, has imported them before."""

from __future__ import annotations

import contextlib
import importlib
import re
import sys
from collections.abc import Iterable
from pathlib import Path

KIT = "seq2kit"
# torch's optimisers import a compiler when first made. Others by the import, where there must be one: the bare word is
# a variable's name in a module of the kit.
_BY_WORD = {
    r"\boptim\b|\btorch\.compile\b": ("torch._dynamo",),
    r"(?m)^[ \t]*(?:from|import)[ \t]+transformers\b": (
        "transformers", "transformers.models.bert.modeling_bert", "transformers.models.roberta.modeling_roberta",
        "transformers.models.auto.modeling_auto", "transformers.models.clip.modeling_clip",
    ),
}  # fmt: skip
ALL = tuple(module for modules in _BY_WORD.values() for module in modules)


def wanted_by(text: str) -> list[str]:
    """Those that code with this text wants sooner or later."""
    return [module for word, modules in _BY_WORD.items() if re.search(word, text) for module in modules]


def import_for_kit() -> None:
    """Import what the modules of the kit that are here use within functions."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == KIT:
            with contextlib.suppress(OSError, TypeError, ValueError):
                import_all(wanted_by(Path(str(module.__file__)).read_text(encoding="utf-8")))


def import_all(names: Iterable[str]) -> list[str]:
    """Import them; returns those that are not installed."""
    absent = []
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError:
            absent.append(name)
    return absent
