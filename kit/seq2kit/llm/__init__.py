"""Language models behind one interface: `load("smollm2").generate(prompt)`, whatever does the work."""

from __future__ import annotations

from seq2kit.llm.baselines import NGramModel, OwnModel
from seq2kit.llm.cache import Cached
from seq2kit.llm.local import LocalModel
from seq2kit.llm.model import Completion, LanguageModel, ModelError, NotInstalled, TooLong
from seq2kit.llm.nli import ModelNli, numbers_nli
from seq2kit.llm.serving import reachable, serving
from seq2kit.llm.sources import installed, load, missing
from seq2kit.llm.word_nli import word_nli

__all__ = [
    "Cached", "Completion", "LanguageModel", "LocalModel", "ModelError", "ModelNli", "NGramModel", "NotInstalled",
    "OwnModel", "TooLong", "installed", "load", "missing", "numbers_nli", "reachable", "serving", "word_nli",
]  # fmt: skip
