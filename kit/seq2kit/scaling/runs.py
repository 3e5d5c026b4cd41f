"""Scaling laws in small: one training run per point of an IsoFLOP sweep, and the runs that were made with it.

A point fixes the compute C and the width of a small GPT. Its parameters N follow from the width, its tokens D from
C = 6 N D (Kaplan et al. 2020; Hoffmann et al. 2022), and every point is trained on its own cosine schedule: a run
that is cut short before its rate has fallen would look worse than its size deserves. Data come from
`seq2kit.scaling.markov`, no token twice. `python -m seq2kit.scaling.runs` makes data/scaling_runs.csv again.
"""

from __future__ import annotations

import csv
import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from importlib import resources
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import cross_entropy, linear
from torch.utils.flop_counter import FlopCounterMode
from tqdm.auto import tqdm

from seq2kit.checkpoints import may_train
from seq2kit.profiles import by_profile
from seq2kit.scaling.markov import MarkovSource, zipf_source

CONTEXT, BATCH, WARMUP, CLIP = 32, 16, 0.15, 1.0
BUDGETS = (1e10, 2e10, 4e10, 8e10, 1.6e11)
WIDTHS = {
    1e10: (8, 11, 15, 20, 27, 36, 46),
    2e10: (10, 13, 18, 24, 32, 42, 55),
    4e10: (12, 16, 21, 28, 37, 49, 64),
    8e10: (14, 19, 26, 34, 45, 58, 74),
    1.6e11: (18, 24, 32, 42, 56, 74),
}
_RUNS = "scaling_runs.csv"


class TinyGPT(nn.Module):
    """A causal Transformer with one head per layer, whose output reuses the token embedding (tied weights).

    Trainable: the embedding of V tokens, learned positions, per layer what nn.TransformerEncoderLayer holds (with a
    hidden layer four times as wide), and a final LayerNorm. Tokens (B, n), n <= context -> logits (B, n, V).
    """

    def __init__(self, vocab: int, context: int, width: int, layers: int = 1) -> None:
        super().__init__()
        self.tokens = nn.Embedding(vocab, width)
        self.positions = nn.Embedding(context, width)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(
                width, 1, 4 * width, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
            )
            for _ in range(layers)
        )
        self.norm = nn.LayerNorm(width)
        nn.init.normal_(self.tokens.weight, std=width**-0.5)
        nn.init.normal_(self.positions.weight, std=0.1)
        mask = nn.Transformer.generate_square_subsequent_mask(context)
        self.register_buffer("mask", mask, persistent=False)

    def forward(self, tokens: Tensor) -> Tensor:
        n, width = tokens.shape[1], self.tokens.embedding_dim
        states = math.sqrt(width) * self.tokens(tokens) + self.positions.weight[:n]
        mask = self.get_buffer("mask")[:n, :n]
        for layer in self.layers:
            states = layer(states, src_mask=mask, is_causal=True)
        return linear(self.norm(states), self.tokens.weight)


def torch_parameters(model: nn.Module) -> int:
    """How many numbers are trained; a shared tensor counts once."""
    return sum(parameter.numel() for parameter in model.parameters())


def torch_flops(model: nn.Module, tokens: Tensor, *, backward: bool = False) -> int:
    """FLOPs of one call (and of its backward pass) as torch's own counter finds them: matrix products only, one
    multiplication and one addition each. The fused attention kernel hides its products from the counter, so
    the plain one is used here; it computes all n x n scores, the masked half included."""
    with sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:
        out = model(tokens)
        if backward:
            out.sum().backward()
    return int(counter.get_total_flops())


@dataclass(frozen=True)
class Point:
    """One run to be made: compute in FLOPs, width and seed."""

    compute: float
    width: int
    seed: int = 0


@dataclass(frozen=True)
class Result:
    """One run made. loss: nats per token, exact given the contexts; seconds: of processor time."""

    compute: float
    width: int
    seed: int
    parameters: int
    tokens: int
    loss: float
    seconds: float


def plan(budgets: Iterable[float] = BUDGETS, seed: int = 0) -> tuple[Point, ...]:
    """The sweep: for each budget, six or seven widths on both sides of where the best one lies."""
    return tuple(Point(budget, width, seed) for budget in budgets for width in WIDTHS[budget])


def run_point(point: Point, source: MarkovSource | None = None) -> Result:
    """Train one model from nothing and measure it. The same point gives the same result on the same machine; no
    state outside is read or left behind, so points may be run in any order and any process. source: another language
    than that of the sweep."""
    return trained(point, source)[1]


def trained(point: Point, source: MarkovSource | None = None, steps: int | None = None) -> tuple[TinyGPT, Result]:
    """(model, result) of the run that `run_point` makes. steps: updates, where they are not what C = 6 N D pays for."""
    begin, source, threads = time.process_time(), source or zipf_source(), torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(point.seed)
            model = TinyGPT(source.vocab, CONTEXT, point.width)
        size = torch_parameters(model)
        steps = steps or max(1, round(point.compute / (6 * size * BATCH * CONTEXT)))
        data = torch.from_numpy(source.sample(steps * BATCH, CONTEXT + 1, seed=1 + point.seed))
        train_on(model, data.split(BATCH), steps, rate(point.width))
        loss = exact_loss(model, source=source)
    finally:
        torch.set_num_threads(threads)
    seconds = round(time.process_time() - begin, 2)
    tokens = steps * BATCH * CONTEXT
    return model, Result(point.compute, point.width, point.seed, size, tokens, round(loss, 5), seconds)


def rate(width: int) -> float:
    """The highest learning rate of a run. Wide models need a lower one: with the same rate for all, they would look
    worse than they are, and every valley would lean to the left."""
    return float(0.03 * math.sqrt(20 / width))


def train_on(model: nn.Module, data: Iterable[Tensor], steps: int, highest: float) -> None:
    """Train in place on `steps` batches of windows, (B, CONTEXT + 1) each, with a rate of `highest` at most."""
    optimizer = torch.optim.AdamW(model.parameters(), betas=(0.9, 0.95), weight_decay=0.0)
    warm = max(1, round(WARMUP * steps))
    for step, batch in enumerate(data):
        for group in optimizer.param_groups:
            group["lr"] = highest * min(1.0, (step + 1) / warm) * (1 + math.cos(math.pi * step / steps)) / 2
        loss = cross_entropy(model(batch[:, :-1]).flatten(0, 1), batch[:, 1:].flatten())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimizer.step()


def exact_loss(model: nn.Module, windows: int = 2048, seed: int = 0, source: MarkovSource | None = None) -> float:
    """Loss of a model on fresh contexts, nats per token. The next token is not drawn: its law is known, so its
    average is taken, and what is left of the noise comes from the contexts alone."""
    source = source or zipf_source()
    contexts = torch.from_numpy(source.sample(windows, CONTEXT, seed=seed))
    law = torch.from_numpy(source.transitions)
    entropies = -torch.special.xlogy(law, law).sum(-1)
    excess = 0.0
    with torch.no_grad():
        for part in contexts.split(256):
            log_probability = model(part).double().log_softmax(-1)
            excess += float(-(law[part] * log_probability).sum() - entropies[part].sum())
    return source.entropy() + excess / contexts.numel()


def run_points(points: Sequence[Point], spread: Callable[..., Iterable[Result]] = map) -> tuple[Result, ...]:
    """Make all runs. spread: `map`, or the `map` of a pool or a cluster, to share them among workers."""
    return tuple(spread(run_point, points))


def repeat_plan() -> tuple[Point, ...]:
    """What a notebook repeats: the whole sweep, or in the fast profile the cheapest budget only."""
    return plan(by_profile(full=BUDGETS, fast=BUDGETS[:1]))


def shipped_runs(seed: int = 0) -> tuple[Result, ...]:
    """The sweep as it was run with this seed, 0 or 1; no runs for another."""
    text = (resources.files("seq2kit") / "data" / _RUNS).read_text(encoding="utf-8")
    return tuple(run for run in read_runs(text) if run.seed == seed)


def read_runs(text: str) -> tuple[Result, ...]:
    """Results from CSV text. Raises ValueError when a column is missing or a value is no number."""
    kinds: dict[str, Callable[[str], Any]] = {"float": float, "int": int}
    try:
        return tuple(
            Result(**{field.name: kinds[str(field.type)](row[field.name]) for field in fields(Result)})
            for row in csv.DictReader(text.splitlines())
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"this is no table of scaling runs: {error}") from error


def write_runs(results: Iterable[Result], path: Path) -> None:
    """Write results as CSV, one row per run."""
    names = [field.name for field in fields(Result)]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([getattr(result, name) for name in names] for result in results)


def load_or_repeat(repeat: bool = False) -> tuple[Result, ...]:
    """The shipped runs; with `repeat` those of the plan in force are made anew and take the place of the shipped
    ones. Where submissions are graded nothing is trained, whatever `repeat` says."""
    runs = {Point(run.compute, run.width, run.seed): run for run in shipped_runs()}
    if repeat and may_train():
        points = repeat_plan()
        runs |= zip(points, map(run_point, tqdm(points, desc="scaling runs")), strict=True)
    return tuple(runs.values())


def main() -> None:
    """Make the shipped table again, with both seeds, and print each run."""
    results = []
    for point in (*plan(seed=0), *plan(seed=1)):
        results.append(run_point(point))
        print(results[-1], flush=True)
    write_runs(results, Path(__file__).parents[1] / "data" / _RUNS)


if __name__ == "__main__":
    main()
