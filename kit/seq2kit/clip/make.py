"""Trains the small CLIP that the course ships: `python -m seq2kit.clip.make [--out FOLDER] [--seed 0]`.

The model is transformers' own CLIPModel made small (Radford et al. 2021): a vision transformer over 16 patches of
8 x 8 pixels, a causal text transformer over whole words, both projected to 64 numbers, and a learned scale. It learns
from rendered shapes and from captions that are often incomplete, and now and then use another word for the same
thing. 13 of the 144 kinds of picture never occur. About a minute on one core; the same seed on the same machine gives
the same weights.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from torch import Tensor, nn
from transformers import CLIPConfig, CLIPModel, PreTrainedTokenizerFast

from seq2kit.clip import shapes
from seq2kit.clip.models import SHIPPED, Clip, features, no_bars, picture_processor

SPECIAL = ("<pad>", "<start>", "<unknown>", "<end>")
LENGTH = 16
WIDTH = 64
PIXEL_MEAN, PIXEL_SPREAD = 0.5, 0.25
_OPENINGS = ("a picture of", "a photo of", "a drawing of", "there are", "the", "some")


@dataclass(frozen=True)
class Plan:
    """How long and on how much to train. `drop`: share of words left out; `common`, `rare`: shares of words replaced
    by their first and by their second synonym; `plain`: share of captions left as they are."""

    pictures: int = 6000
    steps: int = 1400
    batch: int = 64
    rate: float = 2e-3
    plain: float = 0.5
    drop: float = 0.12
    common: float = 0.10
    rare: float = 0.02
    opening: float = 0.25


def vocabulary() -> list[str]:
    """All words that the model knows, after the special ones."""
    plain = {word for caption in shapes.CAPTIONS for word in caption.split()}
    others = {word for synonyms in shapes.SYNONYMS.values() for word in synonyms}
    return [*SPECIAL, *sorted(plain | others | set(shapes.FILLERS))]


def make_tokenizer(words: Sequence[str] = ()) -> Any:
    """One token for each of `words`, or of vocabulary(); case and punctuation do not matter; a start and an end around
    every caption."""
    ids = {word: number for number, word in enumerate(words or vocabulary())}
    inner = Tokenizer(models.WordLevel(ids, unk_token="<unknown>"))
    inner.normalizer = normalizers.Lowercase()
    inner.pre_tokenizer = pre_tokenizers.Split(Regex("[^a-z0-9]+"), "removed")
    ends = [(word, ids[word]) for word in ("<start>", "<end>")]
    inner.post_processor = processors.TemplateProcessing(single="<start> $A <end>", special_tokens=ends)
    names = {"pad_token": "<pad>", "bos_token": "<start>", "unk_token": "<unknown>", "eos_token": "<end>"}
    fast: Any = PreTrainedTokenizerFast
    return fast(tokenizer_object=inner, model_max_length=LENGTH, **names)


def make_model(seed: int, vocab_size: int = 0) -> Any:
    """The untrained model: 128 thousand numbers. `vocab_size`: as many as in vocabulary(), unless it is said."""
    both = {"hidden_size": WIDTH, "intermediate_size": 2 * WIDTH, "num_attention_heads": 4}
    ends = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 3}
    words = {"vocab_size": vocab_size or len(vocabulary()), "num_hidden_layers": 1, "max_position_embeddings": LENGTH}
    sight = {"image_size": shapes.SIDE, "patch_size": 8, "num_hidden_layers": 2}
    torch.manual_seed(seed)
    text, vision = {**both, **ends, **words}, {**both, **sight}
    return CLIPModel(CLIPConfig(text_config=text, vision_config=vision, projection_dim=WIDTH))


def scaled(pictures: shapes.Pixels) -> Tensor:
    """What the picture processor makes of pictures of the right size: (n, 32, 32, 3) uint8 -> (n, 3, 32, 32)."""
    return (torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255 - PIXEL_MEAN) / PIXEL_SPREAD


def attributes(scenes: Sequence[shapes.Scene]) -> Tensor:
    """(n, 4): count, size, colour and shape as numbers."""
    kinds = (shapes.SIZES, shapes.COLOURS, shapes.SHAPES)
    return torch.tensor([
        [s.count, *(kind.index(word) for kind, word in zip(kinds, (s.size, s.colour, s.shape), strict=True))]
        for s in scenes
    ])  # fmt: skip


def say(scene: shapes.Scene, draw: np.random.Generator, plan: Plan) -> tuple[str, list[bool]]:
    """A caption that somebody might write, and which of the four attributes it states."""
    if draw.random() < plan.plain:
        return scene.caption, [True] * 4
    said: list[str] = []
    stated: list[bool] = []
    for word in scene.words:
        chance = draw.random() - plan.drop
        common, rare = shapes.SYNONYMS[word]
        stated.append(chance >= 0)
        said += [common if chance < plan.common else rare if chance < plan.common + plan.rare else word] * stated[-1]
    if not said:
        return scene.caption, [True] * 4
    if draw.random() < plan.opening:
        said.insert(0, _OPENINGS[int(draw.integers(len(_OPENINGS)))])
    return " ".join(said), stated


def contrast(texts: Tensor, pictures: Tensor, fits: Tensor, scale: Tensor) -> Tensor:
    """Cross-entropy of each text against all pictures of the batch; a text may fit several.

    texts (t, d) and pictures (m, d) of length 1; fits (t, m) bool with at least one True per row; scale a multiplier.
    """
    wanted = fits / fits.sum(1, keepdim=True)
    return -(wanted * nn.functional.log_softmax(scale * texts @ pictures.T, dim=1)).sum(1).mean()


def batches(world: shapes.Gallery, plan: Plan, seed: int) -> Iterator[tuple[Tensor, list[str], Tensor]]:
    """Which pictures (b,), a caption for each, and which captions fit which pictures (b, b), without end."""
    draw = np.random.Generator(np.random.PCG64(seed))
    facts = attributes(world.scenes)
    while True:
        chosen = torch.from_numpy(draw.choice(len(world), plan.batch, replace=False))
        said = [say(world.scenes[int(k)], draw, plan) for k in chosen]
        stated = torch.tensor([mask for _, mask in said])
        agree = facts[chosen][:, None] == facts[chosen][None]
        yield chosen, [caption for caption, _ in said], (agree | ~stated[:, None]).all(-1)


def train(plan: Plan, seed: int = 0, report: bool = False) -> Any:
    """A trained model. Each step asks two things: which pictures does this caption fit, and which of the plain
    captions fits this picture?"""
    known = [scene for scene in shapes.SCENES if scene not in shapes.UNSEEN]
    world = shapes.draw_gallery(plan.pictures, seed + 1, known)
    pixels, model, read = scaled(world.pictures), make_model(seed), _reader(make_tokenizer())
    labels = torch.tensor([known.index(scene) for scene in world.scenes])
    all_plain = read([scene.caption for scene in known])
    optimiser = torch.optim.AdamW(model.parameters(), lr=plan.rate, weight_decay=0.01, betas=(0.9, 0.98))
    pace = torch.optim.lr_scheduler.OneCycleLR(optimiser, plan.rate, total_steps=plan.steps, pct_start=0.1)
    begin = time.perf_counter()
    for step, (chosen, said, fits) in zip(range(plan.steps), batches(world, plan, seed + 2), strict=False):
        scale = model.logit_scale.exp()
        pictures = _unit(model.get_image_features(pixel_values=pixels[chosen]))
        texts, plain = (_unit(model.get_text_features(**tokens)) for tokens in (read(said), all_plain))
        loss = contrast(texts, pictures, fits, scale)
        loss = loss + nn.functional.cross_entropy(scale * pictures @ plain.T, labels[chosen])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        pace.step()
        if report and (step + 1) % 200 == 0:
            print(f"step {step + 1:5d}   loss {float(loss.detach()):.3f}   {time.perf_counter() - begin:.0f} s")
    return model.eval()


def _unit(output: Any) -> Tensor:
    return nn.functional.normalize(features(output), dim=-1)


def _reader(tokenizer: Any) -> Any:
    return lambda captions: tokenizer(list(captions), padding=True, truncation=True, return_tensors="pt")


def save(model: Any, folder: Path, facts: dict[str, Any], readme: str = "", words: Sequence[str] = ()) -> None:
    """Write the folder that `from_pretrained` loads, and a README with `facts`. `words` as in make_tokenizer."""
    with no_bars():
        model.save_pretrained(folder)
    make_tokenizer(words).save_pretrained(folder)
    # The name that every release of transformers knows; newer ones would write a name of their own.
    names = {"pad_token": "<pad>", "bos_token": "<start>", "unk_token": "<unknown>", "eos_token": "<end>"}
    written = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": LENGTH, **names}
    (folder / "tokenizer_config.json").write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    means = {"image_mean": [PIXEL_MEAN] * 3, "image_std": [PIXEL_SPREAD] * 3}
    picture_processor(shapes.SIDE, **means).save_pretrained(folder)
    lines = "\n".join(f"- {what}: {value}" for what, value in facts.items())
    (folder / "README.md").write_text(f"{readme or _README}\n{lines}\n", encoding="utf-8")
    for path in folder.iterdir():  # weights are written for their owner's eyes only
        path.chmod(0o644)


_README = """# A small CLIP for rendered shapes

Made by `python -m seq2kit.clip.make` from pictures drawn by rule (`seq2kit.clip.shapes`); no other data. Loads with
transformers' `CLIPModel.from_pretrained`. It knows nothing but one to three shapes on a grey ground.
"""


def examine(clip: Clip, pictures: int = 1440, seed: int = 77) -> dict[str, float]:
    """Share of fresh pictures whose own plain caption is the most similar of all 144; and the same over the kinds of
    picture that the model was never trained on."""
    fresh = shapes.draw_gallery(pictures, seed)
    images, texts = (_unit(e) for e in (clip.embed_pictures(fresh.pictures), clip.embed_texts(shapes.CAPTIONS)))
    found = (images @ texts.T).argmax(1)
    right = np.array([shapes.SCENES[int(k)] == scene for k, scene in zip(found, fresh.scenes, strict=True)])
    new = np.array([scene in shapes.UNSEEN for scene in fresh.scenes])
    return {"all 144 kinds": float(right.mean()), "the kinds never seen": float(right[new].mean())}


def main() -> None:
    """Train, save, examine."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path(SHIPPED))
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)
    begin = time.process_time()
    plan = Plan()
    model = train(plan, options.seed, report=True)
    seconds = round(time.process_time() - begin)
    facts: dict[str, Any] = {"seed": options.seed, "steps": plan.steps, "CPU seconds": seconds}
    save(model, options.out, facts)
    for what, share in examine(Clip.open(str(options.out))).items():
        facts[f"right among 144 captions, {what}"] = round(share, 3)
    save(model, options.out, facts)
    for what, value in facts.items():
        print(f"{what}: {value}")


if __name__ == "__main__":
    main()
