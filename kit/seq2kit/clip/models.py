"""CLIP: pictures and texts as vectors in one space. A small model that is shipped, or the full-size one.

Any folder or name that transformers' CLIPModel and its tokenizer load will do. `load()` takes the shipped model, unless
the environment variable SEQ2KIT_ONLINE is 1: then it is the full-size model of Radford et al. (2021), fetched from the
internet. A small and a full-size model go through the very same code.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from torch import Tensor
from transformers import AutoTokenizer, CLIPModel
from transformers.utils import logging

from seq2kit.clip import shapes

SHIPPED = str(Path(__file__).resolve().parents[1] / "models" / "clip-shapes")
PAIRS = str(Path(__file__).resolve().parents[1] / "models" / "clip-pairs")  # of `make_pairs.py`
FULL_SIZE = "openai/clip-vit-base-patch32"
_BATCH = 128
_NO_LIMIT = 100_000
# What is kept of embeddings: a search tries the same captions again and again, and a gallery stays what it is.
_REMEMBERED = 20_000
_BATCHES_REMEMBERED = 400


@dataclass(frozen=True, eq=False)
class Clip:
    """A loaded model. Embeddings come as they leave the model: their length is not 1."""

    name: str
    model: Any
    tokenizer: Any
    processor: Any
    _texts: dict[str, Tensor] = field(default_factory=dict, repr=False)
    _pictures: dict[bytes, Tensor] = field(default_factory=dict, repr=False)

    @staticmethod
    def open(name_or_path: str) -> Clip:
        """Load model, tokenizer and picture processor; weights stored in half precision are used in float32.

        Raises OSError when there is no such folder or name, or when what lies there lacks weights of a CLIP: the
        library would fill them with random numbers, and go on.
        """
        opened: Any = CLIPModel  # without types for this call
        with no_bars():
            model, found = opened.from_pretrained(name_or_path, output_loading_info=True)
        if lacking := sorted(found["missing_keys"]):
            raise OSError(f"{name_or_path} is no whole CLIP: {len(lacking)} weights are missing, such as {lacking[0]}")
        tokenizer = AutoTokenizer.from_pretrained(name_or_path)
        processor = _processor_class().from_pretrained(name_or_path)
        return Clip(name_or_path, model.float().eval().requires_grad_(False), tokenizer, processor)

    @property
    def logit_scale(self) -> float:
        """What cosines are multiplied by before the softmax. The model keeps its logarithm."""
        return float(self.model.logit_scale.exp())

    @torch.no_grad()
    def embed_pictures(self, pictures: Any) -> Tensor:
        """(n, side, side, 3) uint8 -> (n, d) float32. A single picture counts as n = 1."""
        many = np.asarray(pictures)
        many = many[None] if many.ndim == 3 else many
        found = [self._seen(many[start : start + _BATCH]) for start in range(0, len(many), _BATCH)]
        return torch.cat(found) if found else torch.empty(0, self.model.config.projection_dim)

    def _seen(self, pictures: Any) -> Tensor:
        key = hashlib.sha256(repr(pictures.shape).encode() + pictures.tobytes()).digest()
        if key not in self._pictures:
            if len(self._pictures) >= _BATCHES_REMEMBERED:
                self._pictures.clear()
            pixels = self.processor(images=list(pictures), return_tensors="pt")["pixel_values"]
            self._pictures[key] = features(self.model.get_image_features(pixel_values=pixels))
        return self._pictures[key]

    @torch.no_grad()
    def embed_texts(self, captions: Sequence[str] | str) -> Tensor:
        """t captions -> (t, d) float32. A single text counts as t = 1. What is too long is cut off at its end.

        Raises ValueError when there is no caption, or one that is not text.
        """
        many = [captions] if isinstance(captions, str) else list(captions)
        if not many or not all(isinstance(caption, str) for caption in many):
            raise ValueError("expected captions: one text, or a list of texts")
        new = [caption for caption in dict.fromkeys(many) if caption not in self._texts]
        if len(self._texts) + len(new) > _REMEMBERED:
            self._texts.clear()
            new = list(dict.fromkeys(many))
        for start in range(0, len(new), _BATCH):
            some = new[start : start + _BATCH]
            self._texts.update(zip(some, self._read(some), strict=True))
        return torch.stack([self._texts[caption] for caption in many])

    def _read(self, captions: list[str]) -> Tensor:
        # Padded to one length, so that the words of one caption cannot change how another is read.
        tokens = self.tokenizer(
            captions, padding="max_length", truncation=True, max_length=self.longest, return_tensors="pt"
        )
        read = {name: tokens[name] for name in ("input_ids", "attention_mask")}
        return features(self.model.get_text_features(**read))

    @property
    def longest(self) -> int:
        """How many tokens a caption may have, its start and end counted."""
        return int(self.model.config.text_config.max_position_embeddings)

    def tokens(self, caption: str) -> list[str]:
        """What the model reads, its start and end included, before anything is cut off."""
        read = self.tokenizer(caption, truncation=True, max_length=_NO_LIMIT)["input_ids"]
        return [str(token) for token in self.tokenizer.convert_ids_to_tokens(read)]

    def unknown_words(self, caption: str) -> list[str]:
        """The words of `caption` that this model cannot tell from any other word it does not know."""
        nobody = self.tokenizer.unk_token_id
        words = dict.fromkeys(shapes.words_of(caption))
        return [w for w in words if nobody in self.tokenizer(w, add_special_tokens=False)["input_ids"]]


@functools.cache
def _opened(name_or_path: str) -> Clip:
    return Clip.open(name_or_path)


def load(name_or_path: str = "") -> Clip:
    """The model of this name or folder; "" is the shipped one, or FULL_SIZE where SEQ2KIT_ONLINE is 1. Loaded once.

    Raises OSError when there is no such folder, no way to fetch that name, or no whole CLIP there.
    """
    return _opened(name_or_path or (FULL_SIZE if os.environ.get("SEQ2KIT_ONLINE", "") == "1" else SHIPPED))


def embed_gallery(clip: Clip) -> Tensor:
    """The 500 gallery pictures as (500, d) float32; computed once per model and process."""
    return clip.embed_pictures(shapes.gallery().pictures)


def features(output: Any) -> Tensor:
    """The projected vectors. Releases of transformers before 5 return them, later ones wrap them."""
    found = output if isinstance(output, Tensor) else output.pooler_output
    assert isinstance(found, Tensor)
    return found


@contextlib.contextmanager
def no_bars() -> Iterator[None]:
    """transformers draws a progress bar even for a model that is there in milliseconds."""
    log: Any = logging  # without types
    shown = log.is_progress_bar_enabled()
    log.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            log.enable_progress_bar()


def _processor_class() -> Any:
    """The picture processor that needs Pillow only. transformers 5 keeps the plain name for one on torchvision."""
    return getattr(transformers, "CLIPImageProcessorPil", None) or transformers.CLIPImageProcessor


def picture_processor(side: int, image_mean: Sequence[float], image_std: Sequence[float]) -> Any:
    """A processor for pictures of `side` pixels: shorter edge to `side`, middle cut out, colours scaled."""
    return _processor_class()(
        size={"shortest_edge": side}, crop_size={"height": side, "width": side}, image_mean=list(image_mean),
        image_std=list(image_std),
    )  # fmt: skip
