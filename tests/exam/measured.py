"""The keys of the bank's numbers, found in another way: by modules, counters, simulations and tables of pairs.

Each function gets the numbers of a question's text, in order, and gives what is right.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import numpy as np
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint_sequential
from torch.utils.flop_counter import FlopCounterMode

_NUMBER = re.compile(r"\d+(?:,\d{3})+|\d+\.\d+|\d+")


def numbers(text: str) -> list[float]:
    """The numbers in a text, in order."""
    return [float(found.replace(",", "")) for found in _NUMBER.findall(text)]


def _whole(text: str) -> list[int]:
    return [int(number) for number in numbers(text)]


def _parameters(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


def linear(text: str) -> float:
    i, o, _ = _whole(text)
    return _parameters(nn.Linear(i, o))


def conv(text: str) -> float:
    k, _, _, _, c, o = _whole(text)
    return _parameters(nn.Conv2d(c, o, k))


def separable(text: str) -> float:
    c, o, k, *_ = _whole(text)
    return _parameters(nn.Conv2d(c, c, k, groups=c, bias=False)) + _parameters(nn.Conv2d(c, o, 1, bias=False))


def attention(text: str) -> float:
    h, heads, *_ = _whole(text)
    return _parameters(nn.MultiheadAttention(h, heads, bias=False))


def block(text: str) -> float:
    d, heads, *_ = _whole(text)
    return _parameters(nn.TransformerEncoderLayer(d, heads, 4 * d))


def lora(text: str) -> float:
    r, d, o, layers = _whole(text)
    return layers * (torch.zeros(d, r).numel() + torch.zeros(r, o).numel())


def soft_prompt(text: str) -> float:
    tokens, _, d, _ = _whole(text)
    return _parameters(nn.Embedding(tokens, d))


def conv_size(text: str) -> float:
    n, k, s, p = _whole(text)
    return nn.Conv1d(1, 1, k, stride=s, padding=p)(torch.zeros(1, 1, n)).shape[-1]


def receptive_field(text: str) -> float:
    """Gradients of positive weights reach every input place that is heard."""
    layers, k, *_ = _whole(text)
    x = torch.ones(1, 1, 2000, requires_grad=True)
    y = x
    for layer in range(layers):
        y = nn.functional.conv1d(y, torch.ones(1, 1, k), dilation=2**layer)
    y[0, 0, -1].backward()
    assert x.grad is not None
    return int((x.grad != 0).sum())


def mask(text: str) -> float:
    p, n = _whole(text)
    return sum((q < p and k < p) or (q >= p and k <= q) for q in range(n + p) for k in range(n + p))


def _multiplications(work: Callable[[], object]) -> int:
    with FlopCounterMode(display=False) as counter:
        work()
    return counter.get_total_flops() // 2


def attention_macs(text: str) -> float:
    n, h, *_ = _whole(text)
    x, w = torch.zeros(n, h), torch.zeros(3, h, h)
    return _multiplications(lambda: ((x @ w[0]) @ (x @ w[1]).T) @ (x @ w[2]))


def crossover(text: str) -> float:
    h = _whole(text)[0]
    return next(n for n in range(1, 10 * h) if 2 * n * n * h >= 3 * n * h * h)


def low_rank(text: str) -> float:
    n, h, k, *_ = _whole(text)
    q, narrow = torch.zeros(n, h), torch.zeros(k, n)
    return _multiplications(lambda: (q @ (narrow @ q).T) @ (narrow @ q))


def kv_cache(text: str) -> float:
    layers, h, _, n, *_ = _whole(text)
    one = torch.zeros(2, n, h, dtype=torch.float16)
    return layers * one.numel() * one.element_size() / 1e6


def ring(text: str) -> float:
    """Chunks go round until everybody has every sum."""
    n = _whole(text)[0]
    has = [[{(worker, chunk)} for chunk in range(n)] for worker in range(n)]
    sent, step = 0, 0
    while any(len(chunk) < n for worker in has for chunk in worker):
        moved = [(w, (w - step) % n, set(has[w][(w - step) % n])) for w in range(n)]
        for worker, chunk, what in moved:
            has[(worker + 1) % n][chunk] |= what
        sent, step = sent + n, step + 1
    return sent


def all_to_all(text: str) -> float:
    n, p = _whole(text)
    return sum(p for sender in range(n) for receiver in range(n) if sender != receiver)


def server(text: str) -> float:
    n, p = _whole(text)
    return sum(p for _ in range(n)) + sum(p for _ in range(n))


def recomputed(text: str) -> float:
    """Segments of torch's own checkpointing; it does not run the last one again, so that is put inside as well."""
    layers, k = _whole(text)[:2]
    calls = 0

    class Counted(nn.Linear):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            nonlocal calls
            calls += 1
            return super().forward(x)

    net = nn.Sequential(*(Counted(2, 2) for _ in range(layers)), *(nn.Identity() for _ in range(k)))
    x = torch.ones(1, 2, requires_grad=True)
    checkpoint_sequential(net, layers // k + 1, x, use_reentrant=False).sum().backward()
    return calls


def kept(text: str) -> float:
    layers, segments, k, *_ = _whole(text)
    inputs = {layer for layer in range(layers) if layer % k == 0}
    assert len(inputs) == segments
    return max(len(inputs | set(range(first, first + k))) for first in range(0, layers, k))


def perplexity(text: str) -> float:
    """Among so many equally likely words the loss would be the same."""
    return float(torch.exp(torch.tensor(numbers(text)[0], dtype=torch.float64)))


def bits(text: str) -> float:
    return float(np.log2(np.exp(numbers(text)[0])))


def initial_loss(text: str) -> float:
    v = _whole(text)[0]
    return float(nn.functional.cross_entropy(torch.zeros(1, v), torch.tensor([3])))


def training_tokens(text: str) -> float:
    _, c, _, e, n = numbers(text)
    return next(d for d in np.arange(1e3, 1e6) / 1e1 if 6 * n * 1e6 * d * 1e6 >= c * 10**e)


def optimal_size(text: str) -> float:
    r, six, c, _, e = numbers(text)
    sizes = np.geomspace(1e6, 1e10, 200_001)
    return float(sizes[np.argmin(np.abs(six * sizes * r * sizes - c * 10**e))]) / 1e6


def power_law(text: str) -> float:
    """Along the line through two points of log size and log loss."""
    alpha, loss, factor = numbers(text)
    return float(np.exp(np.polyval([-alpha, math.log(loss)], math.log(factor))))


def noise_level(text: str) -> float:
    variance = 0.0
    for beta in numbers(text.split("Three steps")[1])[:3]:
        variance = (1 - beta) * variance + beta
    return variance


def gaussian_kl(text: str) -> float:
    mu, sigma, *_ = numbers(text)
    from torch.distributions import Normal, kl_divergence

    return float(kl_divergence(Normal(mu, sigma), Normal(0.0, 1.0)))


def bptt(text: str) -> float:
    norm, slope, steps = numbers(text)
    matrix = np.eye(3) * norm @ np.linalg.qr(np.arange(9.0).reshape(3, 3) ** 2 + np.eye(3))[0]
    return float(np.linalg.norm(np.linalg.matrix_power(slope * matrix, int(steps)), 2))


def momentum(text: str) -> float:
    _, beta, rest, gradient, steps = numbers(text)
    m = 0.0
    for _ in range(int(steps)):
        m = beta * m + rest * gradient
    return m


MEASURED: dict[str, Callable[[str], float]] = {
    "linear-parameters": linear,
    "conv-parameters": conv,
    "separable-parameters": separable,
    "attention-parameters": attention,
    "block-parameters": block,
    "lora-parameters": lora,
    "soft-prompt-parameters": soft_prompt,
    "conv-size": conv_size,
    "receptive-field": receptive_field,
    "mask-entries": mask,
    "attention-macs": attention_macs,
    "crossover-length": crossover,
    "low-rank-macs": low_rank,
    "kv-cache": kv_cache,
    "ring-messages": ring,
    "all-to-all-traffic": all_to_all,
    "server-traffic": server,
    "recomputed-calls": recomputed,
    "kept-activations": kept,
    "perplexity": perplexity,
    "bits-per-token": bits,
    "initial-loss": initial_loss,
    "training-tokens": training_tokens,
    "optimal-size": optimal_size,
    "power-law": power_law,
    "noise-level": noise_level,
    "gaussian-kl": gaussian_kl,
    "bptt-factor": bptt,
    "momentum-bias": momentum,
}
