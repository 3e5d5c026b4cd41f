"""What the hidden checks compare with: formulas in float64, and the grader's own copy of the model and the gallery."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import torch
from seq2kit import clip_models, shapes
from torch import Tensor


def cosines(images: Any, texts: Any) -> Tensor:
    """(m, d), (t, d) -> (m, t), float64, entry by entry."""
    a, b = torch.as_tensor(images).double(), torch.as_tensor(texts).double()
    inner = torch.einsum("id,jd->ij", a, b)
    return inner / (a.pow(2).sum(1).sqrt()[:, None] * b.pow(2).sum(1).sqrt()[None])


def probabilities(images: Any, texts: Any, scale: float) -> Tensor:
    """Softmax over the texts of scale times cosine, float64."""
    logits = scale * cosines(images, texts)
    logits = logits - logits.max(1, keepdim=True).values
    return logits.exp() / logits.exp().sum(1, keepdim=True)


def model_probabilities(pictures: shapes.Pixels, captions: Sequence[str]) -> Tensor:
    """What the model itself says: softmax over the captions of its own logits_per_image."""
    clip = clip_models.load()
    pixels = clip.processor(images=list(pictures), return_tensors="pt")["pixel_values"]
    read = clip.tokenizer(list(captions), padding=True, return_tensors="pt")
    with torch.no_grad():
        out = clip.model(pixel_values=pixels, input_ids=read["input_ids"], attention_mask=read["attention_mask"])
    logits: Tensor = out.logits_per_image.double()
    return logits.softmax(1)


@functools.cache
def gallery_directions() -> Tensor:
    """(500, d) float64, length 1."""
    found = clip_models.embed_gallery(clip_models.load()).double()
    return found / found.norm(dim=1, keepdim=True)


def in_gallery(captions: Sequence[str]) -> Tensor:
    """(t, 500): cosine of each caption with each picture of the gallery."""
    texts = clip_models.load().embed_texts(list(captions)).double()
    return texts / texts.norm(dim=1, keepdim=True) @ gallery_directions().T


def picks(captions: Sequence[str]) -> list[int]:
    """The picture that each caption picks."""
    return [int(k) for k in in_gallery(captions).argmax(1)]


def gallery_probabilities(captions: Sequence[str]) -> Tensor:
    """(t, 500): softmax over the pictures."""
    return (clip_models.load().logit_scale * in_gallery(captions)).softmax(1)


def flip_rate(caption: str, variants: Sequence[str]) -> float:
    """Share of variants that pick another picture."""
    first, *others = picks([caption, *variants])
    return sum(k != first for k in others) / len(others)


@functools.cache
def flips() -> dict[str, float]:
    """Mean flip rate over the probes, for each kind of change."""
    rates: dict[str, list[float]] = {kind: [] for kind in shapes.KINDS_OF_CHANGE}
    for scene in shapes.PROBES:
        for kind, variants in shapes.near_paraphrases(scene).items():
            rates[kind].append(flip_rate(scene.caption, variants))
    return {kind: sum(values) / len(values) for kind, values in rates.items()}


@functools.lru_cache(maxsize=8)
def fresh(number: int, seed: int, new_kinds: bool = False) -> shapes.Gallery:
    """Pictures that nobody has seen before, of all kinds or of those that the model was never trained on."""
    kinds = tuple(scene for scene in shapes.SCENES if scene in shapes.UNSEEN) if new_kinds else shapes.SCENES
    return shapes.draw_gallery(number, seed, kinds)


@functools.lru_cache(maxsize=8)
def _fresh_embedded(number: int, seed: int) -> Tensor:
    return clip_models.load().embed_pictures(fresh(number, seed).pictures)


def shape_accuracy(prompts: Sequence[Sequence[str]], number: int, seed: int) -> float:
    """Share of fresh pictures whose shape is found, with one ensemble of prompts per shape of shapes.SHAPES."""
    world, clip, classes = fresh(number, seed), clip_models.load(), []
    for group in prompts:
        texts = clip.embed_texts(list(group)).double()
        mean = (texts / texts.norm(dim=1, keepdim=True)).mean(0)
        classes.append(mean / mean.norm())
    found = cosines(_fresh_embedded(number, seed), torch.stack(classes)).argmax(1)
    return sum(shapes.SHAPES[int(k)] == scene.shape for k, scene in zip(found, world.scenes, strict=True)) / len(world)
