"""What the hidden checks compare with: formulas in float64, and the grader's own copy of the model and the gallery."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import torch
from seq2kit.clip import models as clip_models
from seq2kit.clip import pairs, shapes
from torch import Tensor


def model() -> clip_models.Clip:
    """The shipped model, whatever the grader's environment says: students' notebooks run with it."""
    return clip_models.load(clip_models.SHIPPED)


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
    clip = model()
    pixels = clip.processor(images=list(pictures), return_tensors="pt")["pixel_values"]
    read = clip.tokenizer(list(captions), padding=True, return_tensors="pt")
    with torch.no_grad():
        out = clip.model(pixel_values=pixels, input_ids=read["input_ids"], attention_mask=read["attention_mask"])
    logits: Tensor = out.logits_per_image.double()
    return logits.softmax(1)


@functools.cache
def gallery_directions() -> Tensor:
    """(500, d) float64, length 1."""
    found = clip_models.embed_gallery(model()).double()
    directions: Tensor = found / found.norm(dim=1, keepdim=True)
    return directions


def in_gallery(captions: Sequence[str]) -> Tensor:
    """(t, 500): cosine of each caption with each picture of the gallery."""
    texts = model().embed_texts(list(captions)).double()
    cosines: Tensor = texts / texts.norm(dim=1, keepdim=True) @ gallery_directions().T
    return cosines


def picks(captions: Sequence[str]) -> list[int]:
    """The picture that each caption picks."""
    return [int(k) for k in in_gallery(captions).argmax(1)]


def gallery_probabilities(captions: Sequence[str]) -> Tensor:
    """(t, 500): softmax over the pictures."""
    return (model().logit_scale * in_gallery(captions)).softmax(1)


def flip_rate(caption: str, variants: Sequence[str]) -> float:
    """Share of variants that pick another picture."""
    first, *others = picks([caption, *variants])
    return sum(k != first for k in others) / len(others)


def content_flip_rate(caption: str, variants: Sequence[str]) -> float:
    """Share of variants that pick a picture of another kind."""
    first, *others = (kind_numbers()[k] for k in picks([caption, *variants]))
    return sum(int(k != first) for k in others) / len(others)


@functools.cache
def kind_numbers() -> Tensor:
    """(500,): pictures of the gallery have the same number if they are of the same kind."""
    kinds = list(dict.fromkeys(shapes.gallery().scenes))
    return torch.tensor([kinds.index(kind) for kind in shapes.gallery().scenes])


@functools.cache
def flips(tie: float, by_kind: bool = False) -> dict[str, tuple[float, float]]:
    """For each kind of change the lowest and the highest mean flip rate over the probes that rounding leaves open: a
    variant whose two best pictures are closer than `tie` may count as a flip or not. `by_kind`: only flips to another
    kind count."""
    label = kind_numbers() if by_kind else torch.arange(shapes.GALLERY_SIZE)
    bounds = {}
    for change in shapes.KINDS_OF_CHANGE:
        low = high = 0.0
        for probe in shapes.PROBES:
            variants = shapes.near_paraphrases(probe)[change]
            best, places = in_gallery(variants).topk(2)
            flipped = label[places[:, 0]] != label[picks([probe.caption])[0]]
            clear = (best[:, 0] - best[:, 1] > tie) | (label[places[:, 0]] == label[places[:, 1]])
            low += float((flipped & clear).double().mean())
            high += float((flipped | ~clear).double().mean())
        bounds[change] = low / len(shapes.PROBES), high / len(shapes.PROBES)
    return bounds


def pair_model() -> clip_models.Clip:
    """The shipped model of pairs."""
    return clip_models.load(clip_models.PAIRS)


def among_pairs(captions: Sequence[str]) -> Tensor:
    """(t, 360): cosine of each caption with each picture of a pair, as the notebook draws them."""
    clip, texts = pair_model(), list(captions)
    return cosines(clip.embed_texts(texts), clip.embed_pictures(pairs.draw_pairs(pairs.GAME_SEED).pictures))


def kind_of_pick(target: int, picked: int) -> str:
    """How the pair of picture `picked` differs from that of `target`: one of pairs.KINDS_OF_PICK."""
    wanted, found = pairs.PAIRS[target], pairs.PAIRS[picked]
    moved = {"own": wanted, "order": wanted.turned, "binding": wanted.rebound, "both": wanted.rebound.turned}
    return next((kind for kind, pair in moved.items() if pair == found), "other words")


def picks_of_pairs(captions: Sequence[str], tie: float) -> list[list[int]]:
    """For each caption the pictures that rounding leaves open: as similar as the best, or less by `tie` at most."""
    rows = among_pairs(captions)
    near = rows >= rows.max(1, keepdim=True).values - tie
    return [[int(place) for place in level.nonzero().flatten()] for level in near]


@functools.cache
def plain_picks(tie: float) -> list[list[int]]:
    """The same for the 360 plain captions."""
    return picks_of_pairs([pair.caption for pair in pairs.PAIRS], tie)


@functools.cache
def pair_tables() -> dict[str, Tensor]:
    """For each contrast (180, 2, 2): cosines of two pictures with their two captions, as the notebook draws them."""
    every = among_pairs([pair.caption for pair in pairs.PAIRS]).T
    return {
        name: torch.stack([every[list(two)][:, list(two)] for two in places])
        for name, places in pairs.contrasts().items()
    }


def winoground(tables: Tensor, margin: float = 0.0) -> dict[str, float]:
    """Shares of (n, 2, 2) tables that are right for both pictures, for both captions, and for all four. What is ahead
    by `margin` or less is not ahead."""
    right = {name: torch.ones(len(tables), dtype=torch.bool) for name in ("text", "image", "group")}
    for k in (0, 1):
        right["text"] &= tables[:, k, k] - tables[:, k, 1 - k] > margin
        right["image"] &= tables[:, k, k] - tables[:, 1 - k, k] > margin
    right["group"] = right["text"] & right["image"]
    return {name: float(found.double().mean()) for name, found in right.items()}


@functools.lru_cache(maxsize=8)
def fresh(number: int, seed: int, new_kinds: bool = False) -> shapes.Gallery:
    """Pictures that nobody has seen before, of all kinds or of those that the model was never trained on."""
    kinds = tuple(scene for scene in shapes.SCENES if scene in shapes.UNSEEN) if new_kinds else shapes.SCENES
    return shapes.draw_gallery(number, seed, kinds)


@functools.lru_cache(maxsize=8)
def _fresh_embedded(number: int, seed: int) -> Tensor:
    return model().embed_pictures(fresh(number, seed).pictures)


def shape_accuracy(prompts: Sequence[Sequence[str]], number: int, seed: int) -> float:
    """Share of fresh pictures whose shape is found, with one ensemble of prompts per shape of shapes.SHAPES."""
    world, clip, classes = fresh(number, seed), model(), []
    for group in prompts:
        texts = clip.embed_texts(list(group)).double()
        mean = (texts / texts.norm(dim=1, keepdim=True)).mean(0)
        classes.append(mean / mean.norm())
    found = cosines(_fresh_embedded(number, seed), torch.stack(classes)).argmax(1)
    return sum(shapes.SHAPES[int(k)] == scene.shape for k, scene in zip(found, world.scenes, strict=True)) / len(world)
