"""The encoder-decoder that carries any attention, and the attention of the library."""

from __future__ import annotations

import math

import pytest
import torch
from seq2kit.training import Recipe, fit
from seq2kit.translation.piglatin import load_pairs
from seq2kit.translation.seq2seq import (
    MAX_LENGTH,
    EncoderDecoder,
    LibraryAttention,
    LibraryCausalAttention,
    count_parameters,
)
from seq2kit.translation.translate import Vocabulary, batches, exact_match, translate, translation_loss
from torch import Tensor, nn


class Mean(nn.Module):
    """Attends to all keys alike, and counts its calls."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.hidden = hidden
        self.calls: list[tuple[tuple[int, ...], ...]] = []

    def forward(self, queries: Tensor, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        self.calls.append((tuple(queries.shape), tuple(keys.shape), tuple(values.shape)))
        weights = torch.full((len(keys), keys.shape[1], queries.shape[1]), 1 / keys.shape[1], dtype=keys.dtype)
        return (weights.transpose(1, 2) @ values), weights


def model(layers: int = 2, positions: Tensor | None = None, hidden: int = 6) -> EncoderDecoder:
    torch.manual_seed(0)
    return EncoderDecoder(11, hidden, layers, LibraryAttention, LibraryCausalAttention, positions).double()


def by_hand(net: EncoderDecoder, source: Tensor, inputs: Tensor, positions: Tensor) -> Tensor:
    """The same computation written out for layers of Mean."""
    states = net.source_embedding(source) + positions[: source.shape[1]]
    for mlp in net.encoder_mlp:
        states = states + states.mean(1, keepdim=True)
        states = states + mlp(states)
    hidden = net.target_embedding(inputs) + positions[: inputs.shape[1]]
    for mlp in net.decoder_mlp:
        hidden = hidden + hidden.mean(1, keepdim=True)
        hidden = hidden + states.mean(1, keepdim=True)
        hidden = hidden + mlp(hidden)
    return net.output(hidden)  # type: ignore[no-any-return]


def test_shapes_and_weights() -> None:
    """Logits are (b, T, V); each layer gives cross-attention weights (b, S, T) that sum to 1 over the source."""
    logits, weights = model(3)(torch.randint(11, (2, 5)), torch.randint(11, (2, 7)))
    assert logits.shape == (2, 7, 11)
    assert [tuple(layer.shape) for layer in weights] == [(2, 5, 7)] * 3
    assert all(torch.allclose(layer.sum(1), torch.ones(2, 7).double()) for layer in weights)


def test_what_is_computed_is_what_is_described() -> None:
    """Embedding plus position, then residual attention and residual MLP per layer, then the output layer."""
    positions = torch.randn(9, 6)
    net = EncoderDecoder(11, 6, 2, Mean, Mean, positions)
    source, inputs = torch.randint(11, (3, 4)), torch.randint(11, (3, 5))
    got, _ = net(source, inputs)
    assert torch.allclose(got, by_hand(net, source, inputs, positions), atol=1e-5)
    shapes = [layer.calls for layer in [*net.encoder_attention, *net.self_attention, *net.cross_attention]]
    s, t = (3, 4, 6), (3, 5, 6)
    assert shapes == [[(s, s, s)]] * 2 + [[(t, t, t)]] * 2 + [[(t, s, s)]] * 2


def test_each_place_gets_the_attention_that_belongs_there() -> None:
    """The decoder's own attention is the causal one; encoder and cross-attention see everything."""
    net = model()
    kinds = [{type(layer) for layer in part} for part in (net.encoder_attention, net.cross_attention)]
    assert kinds == [{LibraryAttention}] * 2
    assert {type(layer) for layer in net.self_attention} == {LibraryCausalAttention}


def test_logits_know_nothing_of_later_target_tokens() -> None:
    """A change of input t moves logits t and later, never earlier; a change of any source token moves them all."""
    net = model()
    source, inputs = torch.randint(10, (1, 4)), torch.randint(10, (1, 6))
    before, _ = net(source, inputs)
    for place in range(6):
        other = inputs.clone()
        other[0, place] = 10
        moved = (net(source, other)[0] - before).abs().amax((0, 2)) > 1e-9
        assert moved.tolist() == [at >= place for at in range(6)]
    for place in range(4):
        other = source.clone()
        other[0, place] = 10
        assert ((net(other, inputs)[0] - before).abs().amax((0, 2)) > 1e-9).all()


def test_words_of_a_batch_do_not_meet() -> None:
    """A word's logits are the same alone and in company."""
    net = model()
    source, inputs = torch.randint(11, (3, 4)), torch.randint(11, (3, 5))
    assert torch.allclose(net(source[1:2], inputs[1:2])[0], net(source, inputs)[0][1:2])


def test_fixed_positions_are_no_weights() -> None:
    """Given codes are kept out of parameters and checkpoint, copied, and used; learned ones are weights."""
    codes = torch.randn(8, 6)
    fixed, learned = model(positions=codes), model()
    assert "positions" not in dict(fixed.named_parameters()) | fixed.state_dict()
    assert learned.state_dict()["positions"].shape == (MAX_LENGTH, 6)
    assert count_parameters(learned) - count_parameters(fixed) == MAX_LENGTH * 6
    source, inputs = torch.randint(11, (1, 4)), torch.randint(11, (1, 4))
    fixed = EncoderDecoder(11, 6, 2, Mean, Mean, codes)
    before, _ = fixed(source, inputs)
    codes.zero_()
    assert torch.equal(fixed(source, inputs)[0], before)
    fixed.positions.zero_()
    assert not torch.allclose(fixed(source, inputs)[0], before)


def test_too_long_and_too_wide_are_said() -> None:
    """More tokens than positions, or codes of another width, raise ValueError with both numbers."""
    net = model(positions=torch.randn(5, 6))
    with pytest.raises(ValueError, match="6 tokens, but there are only 5 positions"):
        net(torch.zeros(1, 6, dtype=torch.int64), torch.zeros(1, 2, dtype=torch.int64))
    for wrong in (torch.randn(5, 7), torch.randn(6)):
        with pytest.raises(ValueError, match="positions should be"):
            model(positions=wrong)


def test_embeddings_begin_about_as_long_as_one() -> None:
    """An embedding has a length near 1 at every width, so that added positions are not drowned."""
    for hidden in (16, 64):
        net = EncoderDecoder(400, hidden, 1, Mean, Mean)
        for table in (net.source_embedding, net.target_embedding):
            assert float(table.weight.detach().norm(dim=1).mean()) == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize(("k", "n"), [(4, 4), (2, 5), (5, 2), (1, 1)])
def test_the_library_layer_is_scaled_dot_product_attention(causal: bool, k: int, n: int) -> None:
    """Context and weights equal the formula, in which query i of the causal layer sees keys 0..i."""
    torch.manual_seed(1)
    layer = (LibraryCausalAttention if causal else LibraryAttention)(6).double()
    q, keys, values = (torch.randn(3, length, 6, dtype=torch.float64) for length in (k, n, n))
    context, weights = layer(q, keys, values)
    inner = layer.attention
    (wq, wk, wv), (bq, bk, bv) = inner.in_proj_weight.chunk(3), inner.in_proj_bias.chunk(3)
    scores = (q @ wq.T + bq) @ (keys @ wk.T + bk).transpose(1, 2) / math.sqrt(6)
    if causal:
        scores = scores.masked_fill(torch.arange(n) > torch.arange(k)[:, None], -math.inf)
    want = scores.softmax(-1)
    assert torch.allclose(weights, want.transpose(1, 2))
    assert torch.allclose(context, inner.out_proj(want @ (values @ wv.T + bv)))


def test_one_query_needs_no_axis_of_its_own() -> None:
    """2-D queries (b, h) count as one query per word."""
    layer, causal = LibraryAttention(6), LibraryCausalAttention(6)
    q, keys = torch.randn(3, 6), torch.randn(3, 4, 6)
    context, weights = layer(q, keys, keys)
    assert context.shape == (3, 1, 6)
    assert weights.shape == (3, 4, 1)
    assert torch.equal(context, layer(q[:, None], keys, keys)[0])
    assert causal(q, keys, keys)[1][:, :, 0].tolist() == [[1, 0, 0, 0]] * 3


def test_the_library_layer_is_no_answer_to_the_exercise() -> None:
    """Its weights are not three layers named Q, K and V, so a checkpoint of it fits nobody's answer."""
    names = set(LibraryAttention(6).state_dict())
    assert not names & {f"{layer}.{part}" for layer in "QKV" for part in ("weight", "bias")}


def test_parameters_are_counted_once_and_only_if_trained() -> None:
    """The count is that of the formula per part; a tied tensor counts once, a frozen one not at all."""
    h, v, layers = 6, 11, 2
    attention, mlp = 4 * h * h + 4 * h, 2 * (h * h + h)
    net = model(layers)
    want = 2 * v * h + MAX_LENGTH * h + layers * (3 * attention + 2 * mlp) + (h * v + v)
    assert count_parameters(net) == want
    net.output.weight = net.target_embedding.weight  # type: ignore[assignment]
    assert count_parameters(net) == want - h * v
    net.output.bias.requires_grad_(False)
    assert count_parameters(net) == want - h * v - v


def test_a_small_translator_learns() -> None:
    """Eighty updates on 32 words bring their loss near zero, and their translations come out right."""
    pairs = [pair for pair in load_pairs("small").train if len(pair[0]) == 4][:32]
    v = Vocabulary()
    torch.manual_seed(0)
    net = EncoderDecoder(len(v), 32, 1, LibraryAttention, LibraryCausalAttention)
    recipe = Recipe(epochs=40, rate=1e-2, warmup=5)
    told = batches(pairs, v, 32)
    run = fit(net, translation_loss, lambda g: batches(pairs, v, 16, g), told, recipe, progress=False)
    assert run.best_loss < 0.1
    assert exact_match(translate(net, [word for word, _ in pairs], v), [truth for _, truth in pairs]) > 0.9
