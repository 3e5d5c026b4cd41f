"""The exchangeable GPT gives what the GPT of `gpt_lm` gives, and its attention can be replaced."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from seq2kit.attention import lm
from seq2kit.language import corpus
from seq2kit.language.toy_english import toy_english
from torch import Tensor

FILE = Path(__file__).resolve().parents[3] / "assignments" / "efficient_attention" / "files" / "gpt.safetensors"


@pytest.fixture(scope="module", name="model")
def loaded() -> lm.LanguageModel:
    """The model that lies beside the notebook."""
    return lm.load(FILE)


def windows(count: int = 4) -> Tensor:
    """Windows of the toy English that the model has not seen."""
    return corpus.windows(corpus.from_automaton(toy_english(), train=2, validation=64 * count + 1).validation, 64)


def test_a_trained_model_predicts(model: lm.LanguageModel) -> None:
    """Its surprise lies between the entropy and that of guessing by frequency."""
    assert 1.0 < model.nats(windows(16)) < 1.4


def test_no_word_sees_its_future(model: lm.LanguageModel) -> None:
    """Another last word changes no logits before it, under either kind of attention."""
    ids = windows(1)[:, :20]
    other = ids.clone()
    other[0, -1] = (other[0, -1] + 1) % 70
    for attend in (lm.softmax_attention, lm.kernel_attention(torch.exp)):
        a, b = (model.logits(one, attend) for one in (ids, other))
        assert torch.equal(a[:, :-1], b[:, :-1])
        assert not torch.equal(a[:, -1], b[:, -1])


def test_kernel_attention_is_the_mean_for_constant_features() -> None:
    """With one constant feature every position gets the mean over its past."""
    V = torch.randn(1, 2, 5, 3, dtype=torch.float64)
    got = lm.kernel_attention(lambda x: torch.ones(*x.shape[:-1], 1, dtype=x.dtype))(V, V, V)
    assert torch.allclose(got, V.cumsum(2) / torch.arange(1, 6, dtype=torch.float64)[:, None])


def test_queries_and_keys_are_scaled(model: lm.LanguageModel) -> None:
    """Their product is the score: attention made from them is the model's own."""
    ids = windows(1)[:, :-1]
    pairs = model.queries_and_keys(ids)
    assert len(pairs) == model.layers == 2
    assert all(Q.shape == K.shape == (1, 4, 64, 16) for Q, K in pairs)
    raw = model.weights["blocks.0.attention.Q.bias"].view(4, 16)
    assert raw.shape == (4, 16)
    assert math.isclose(16**-0.25, 0.5)
