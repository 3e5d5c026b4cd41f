"""Trains the second small CLIP: `python -m seq2kit.clip.make_pairs [--out FOLDER] [--seed 0]`.

The same model as that of `make.py`, with four more words, which sees pairs of shapes as well as equal ones. 36 of the
360 pairs and 13 of the 144 scenes never occur. As in CLIP, a picture and its caption are only held against whatever
else is in the batch, so hardly ever against a caption of the same words. Two to three minutes on one core.
On one machine a seed gives the same weights each time; those that ship were made before this file was last rearranged.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from seq2kit.clip import make, pairs, shapes
from seq2kit.clip.models import PAIRS, Clip, features

Kind = shapes.Scene | pairs.Pair
_OPENINGS = ("a picture of", "a photo of", "a drawing of", "there are", "there is", "some")
_MORE_WORDS = ("left", "right", "to", "and")


@dataclass(frozen=True)
class Plan(make.Plan):
    """As in make.py, where `pictures` is the number of scenes; `pairs`: of pictures of pairs. Of the captions of pairs
    that are not plain, `loose` is the share that leaves the relation open, `turned` that which tells it from the
    right."""

    pictures: int = 4000
    pairs: int = 5000
    steps: int = 2000
    turned: float = 0.25
    loose: float = 0.35


def vocabulary() -> list[str]:
    """All words that the model knows, after the special ones."""
    known = make.vocabulary()
    special = known[: len(make.SPECIAL)]
    return [*special, *sorted({*known[len(special) :], *_MORE_WORDS})]


def attributes(kinds: Sequence[Kind]) -> Tensor:
    """(n, 9): the sort; count, size, colour and shape of a scene; colour and shape at the left, and at the right."""
    return torch.tensor([_numbers(kind) for kind in kinds])


def _numbers(kind: Kind) -> list[int]:
    if isinstance(kind, shapes.Scene):
        places = shapes.SIZES.index(kind.size), shapes.COLOURS.index(kind.colour), shapes.SHAPES.index(kind.shape)
        return [0, kind.count, *places, 0, 0, 0, 0]
    things = (kind.left, kind.right)
    return [1, 0, 0, 0, 0, *(n for c, s in things for n in (shapes.COLOURS.index(c), shapes.SHAPES.index(s)))]


@dataclass(frozen=True)
class Said:
    """A caption, which of the nine attributes it states, and whether it leaves open which thing is where."""

    caption: str
    stated: list[bool]
    loose: bool = False


def say(kind: Kind, draw: np.random.Generator, plan: Plan) -> Said:
    """A caption that somebody might write."""
    scene = isinstance(kind, shapes.Scene)
    everything = [True, *[scene] * 4, *[not scene] * 4]
    if draw.random() < plan.plain:
        return Said(kind.caption, everything)
    parts = [kind.words] if isinstance(kind, shapes.Scene) else [kind.left, kind.right]
    heard = [_heard(part, draw, plan) for part in parts]
    if not all(any(stated) for _, stated in heard):
        return Said(kind.caption, everything)
    told, loose = " ".join(heard[0][0]), False
    stated = [True, *heard[0][1], *[False] * 4]
    if not scene:
        stated = [True, *[False] * 4, *heard[0][1], *heard[1][1]]
        told, loose = _told(pairs.named(*heard[0][0]), pairs.named(*heard[1][0]), draw, plan)
    if draw.random() < plan.opening:
        told = f"{_OPENINGS[int(draw.integers(len(_OPENINGS)))]} {told}"
    return Said(told, stated, loose)


def _heard(words: Sequence[str], draw: np.random.Generator, plan: Plan) -> tuple[list[str], list[bool]]:
    """The words as somebody says them, and which of them are said at all."""
    said: list[str] = []
    stated: list[bool] = []
    for word in words:
        chance = draw.random() - plan.drop
        common, rare = shapes.SYNONYMS[word]
        stated.append(chance >= 0)
        said += [common if chance < plan.common else rare if chance < plan.common + plan.rare else word] * stated[-1]
    return said, stated


def _told(left: str, right: str, draw: np.random.Generator, plan: Plan) -> tuple[str, bool]:
    """Two things and their relation, from the one side or the other, and whether it is left open."""
    chance = draw.random()
    if chance < plan.loose:
        one, other = (left, right) if draw.random() < 0.5 else (right, left)
        return f"{one} and {other}", True
    begin = "to the " if draw.random() < 0.2 else ""
    if chance < plan.loose + plan.turned:
        return f"{right} {begin}right of {left}", False
    return f"{left} {begin}left of {right}", False


def fitting(said: Sequence[Said], facts: Tensor) -> Tensor:
    """(b, b) bool: which captions are true of which pictures, by the attributes (b, 9) of these."""
    stated, loose = torch.tensor([one.stated for one in said]), torch.tensor([one.loose for one in said])
    own = facts[:, None]
    mirrored = facts[:, [0, 1, 2, 3, 4, 7, 8, 5, 6]]
    straight, turned = ((own == seen[None]) | ~stated[:, None] for seen in (facts, mirrored))
    return straight.all(-1) | (turned.all(-1) & loose[:, None])


def known_world(plan: Plan, seed: int) -> tuple[shapes.Pixels, tuple[Kind, ...]]:
    """The pictures that are trained on, and what they show: first scenes, then pairs."""
    scenes = shapes.draw_gallery(plan.pictures, seed, [scene for scene in shapes.SCENES if scene not in shapes.UNSEEN])
    known = [pair for pair in pairs.PAIRS if pair not in pairs.UNSEEN_PAIRS]
    places = np.random.Generator(np.random.PCG64(seed)).integers(len(known), size=plan.pairs)
    beside = pairs.draw_pairs(seed, tuple(known[int(k)] for k in places))
    return np.concatenate([scenes.pictures, beside.pictures]), (*scenes.scenes, *beside.pairs)


def batches(kinds: Sequence[Kind], plan: Plan, seed: int) -> Iterator[tuple[Tensor, list[str], Tensor]]:
    """Which pictures (b,), a caption for each, and which captions fit which pictures (b, b), without end."""
    draw = np.random.Generator(np.random.PCG64(seed))
    facts = attributes(kinds)
    while True:
        chosen = torch.from_numpy(draw.choice(len(kinds), plan.batch, replace=False))
        said = [say(kinds[int(k)], draw, plan) for k in chosen]
        yield chosen, [one.caption for one in said], fitting(said, facts[chosen])


def train(plan: Plan, seed: int = 0, report: bool = False) -> Any:
    """A trained model. Each step asks three things: which pictures of the batch does this caption fit, which captions
    of the batch fit this picture, and which of the plain captions of scenes fits this scene?"""
    known = [scene for scene in shapes.SCENES if scene not in shapes.UNSEEN]
    pictures, kinds = known_world(plan, seed + 1)
    words, pixels = vocabulary(), make.scaled(pictures)
    model, tokenizer = make.make_model(seed, len(words)), make.make_tokenizer(words)
    labels = torch.tensor([known.index(kind) for kind in kinds if isinstance(kind, shapes.Scene)])
    all_plain = _read(tokenizer, [scene.caption for scene in known])
    optimiser = torch.optim.AdamW(model.parameters(), lr=plan.rate, weight_decay=0.01, betas=(0.9, 0.98))
    pace = torch.optim.lr_scheduler.OneCycleLR(optimiser, plan.rate, total_steps=plan.steps, pct_start=0.1)
    begin = time.perf_counter()
    for step, (chosen, said, fits) in zip(range(plan.steps), batches(kinds, plan, seed + 2), strict=False):
        scale = model.logit_scale.exp()
        images = _unit(model.get_image_features(pixel_values=pixels[chosen]))
        texts, plain = (_unit(model.get_text_features(**t)) for t in (_read(tokenizer, said), all_plain))
        loss = make.contrast(texts, images, fits, scale) + make.contrast(images, texts, fits.T, scale)
        alone = chosen < plan.pictures
        loss = loss + nn.functional.cross_entropy(scale * images[alone] @ plain.T, labels[chosen[alone]])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        pace.step()
        if report and (step + 1) % 200 == 0:
            print(f"step {step + 1:5d}   loss {float(loss.detach()):.3f}   {time.perf_counter() - begin:.0f} s")
    return model.eval()


def _unit(output: Any) -> Tensor:
    return nn.functional.normalize(features(output), dim=-1)


def _read(tokenizer: Any, captions: Sequence[str]) -> Any:
    return tokenizer(list(captions), padding=True, truncation=True, return_tensors="pt")


README = """# A small CLIP for pairs of shapes

Made by `python -m seq2kit.clip.make_pairs` from pictures drawn by rule (`seq2kit.clip.pairs`, `seq2kit.clip.shapes`);
no other data. Loads with transformers' `CLIPModel.from_pretrained`. It hears which words are in a caption, and hardly
what stands where.
"""


def examine(clip: Clip, seed: int = 77) -> dict[str, float]:
    """Shares of fresh pictures of all pairs: the most similar of 360 captions is the own one; it has the own words."""
    world = pairs.draw_pairs(seed)
    images, texts = (_unit(e) for e in (clip.embed_pictures(world.pictures), clip.embed_texts(world.captions)))
    found = [world.pairs[int(k)] for k in (images @ texts.T).argmax(1)]
    both = list(zip(found, world.pairs, strict=True))
    return {
        "the own caption": float(np.mean([a == b for a, b in both])),
        "a caption of the same words": float(np.mean([set(a.words) == set(b.words) for a, b in both])),
    }


def main() -> None:
    """Train, save, examine."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path(PAIRS))
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)
    plan = Plan()
    model = train(plan, options.seed, report=True)
    facts: dict[str, Any] = {"seed": options.seed, "steps": plan.steps}
    make.save(model, options.out, facts, README, vocabulary())
    for what, share in examine(Clip.open(str(options.out))).items():
        facts[f"of fresh pictures of pairs, as the most similar of 360 captions find {what}"] = round(share, 3)
    make.save(model, options.out, facts, README, vocabulary())
    for what, value in facts.items():
        print(f"{what}: {value}")


if __name__ == "__main__":
    main()
