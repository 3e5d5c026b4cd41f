# %% [markdown]
# # Part 2: The model
#
# Here are the parts: embeddings for tokens and for positions, and for each layer one attention and one small
# network (an MLP). The attention is torch's own, with one head, so you need nothing from earlier assignments.
# Its last argument says who may look at whom: `allowed[i, j]` is True where position `i` (the *query*) may look
# at position `j` (the *key*).


# %% locked="parts"
class SelfAttention(nn.Module):
    """One head of attention, from torch."""

    def __init__(self, hidden_size):
        super().__init__()
        self.head = nn.MultiheadAttention(hidden_size, num_heads=1, batch_first=True)

    def forward(self, queries, keys, values, allowed):
        """queries, keys, values (b, n, h), allowed (n, n) bool -> (context (b, n, h), weights (b, n, n)).

        weights[:, i, j] says how much query i looks at key j; each row sums to 1.
        """
        return self.head(queries, keys, values, attn_mask=~allowed.to(queries.device))


def causal_mask(n):
    """(n, n) bool: nobody looks ahead. Made from torch's own mask, which holds 0 where looking is allowed."""
    return nn.Transformer.generate_square_subsequent_mask(n) == 0


class DecoderOnlyParts(nn.Module):
    """The layers of a decoder-only Transformer with `num_layers` layers of width h = `hidden_size`."""

    def __init__(self, vocab_size, hidden_size, num_layers, max_len):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, hidden_size)
        self.positions = nn.Parameter(torch.randn(max_len, hidden_size) * hidden_size**-0.5)
        self.attentions = nn.ModuleList(SelfAttention(hidden_size) for _ in range(num_layers))
        self.mlps = nn.ModuleList(
            nn.Sequential(nn.Linear(hidden_size, hidden_size), nn.ReLU(), nn.Linear(hidden_size, hidden_size))
            for _ in range(num_layers)
        )
        self.output = nn.Linear(hidden_size, vocab_size)


# %% [markdown]
# **Why.** It is a dozen lines, and they are the lines inside every large language model (which adds
# normalisation, more heads, and a few million dollars). Most of the ways to get them wrong still train, still
# give the right shapes, and merely give a worse model. So the checks below look at *properties*.
#
# **The idea.** The states $x$ (one vector of $h$ numbers per position) begin as the embedding of the token plus
# the code of its position: row 0 of `positions` for the first token, row 1 for the second. Then each layer *adds* to
# the states, twice:
#
# $$x \leftarrow x + \mathrm{attention}(x, x, x), \qquad x \leftarrow x + \mathrm{mlp}(x)$$
#
# and after the last layer `output` turns each state into $V$ logits.
#
# **By hand.** Think of a model whose attention and MLP always answer 0. Then $x$ passes through all layers
# untouched, and the logits are `output(embedding + position)`. If every attention always answers one vector $c$ and
# every MLP one vector $d$, what are the states after three layers? If yours are others, a "+" is missing or in the
# wrong place.
#
# **Traps.** In the second step, $x$ is what the first step has made of it. Each layer has *its own* attention. Write
# `x = x + ...`, for `x += ...` overwrites numbers that the gradient still needs. The mask holds in training and
# afterwards. States may grow large, and nothing cuts them. And logits are any real numbers: softmax belongs to the loss.
#
# **Your task** (s001-2.2.2). The forward pass. `allowed=None` means causal: position $i$ looks at positions
# $0, \dots, i$. Return the attention weights of **all** layers, stacked, with all four axes also for one layer,
# one word or one token. Use the given parts and add none that holds weights: the checks put numbers of their own into them.


# %% answer="s001-2.2.2"
class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        """inputs (b, n) int64, allowed (n, n) bool or None for causal -> (logits (b, n, V), attention (L, b, n, n)).

        attention[l] holds the weights of layer l, as its attention gave them.
        """
        ### BEGIN SOLUTION
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed
        x = self.embedding(inputs) + self.positions[:n]
        looked = []
        for attention, mlp in zip(self.attentions, self.mlps, strict=True):
            context, weights = attention(x, x, x, allowed)
            x = x + context
            x = x + mlp(x)
            looked.append(weights)
        return self.output(x), torch.stack(looked)
        ### END SOLUTION


# %% tests="s001-2.2.2"
def public_tests_forward():
    torch.manual_seed(3)
    model = DecoderOnlyTransformer(vocab_size=11, hidden_size=6, num_layers=3, max_len=9)
    tokens = torch.randint(0, 11, (2, 7))
    model(tokens)[0].square().sum().backward()
    asleep = [name for name, part in model.named_parameters() if part.grad is None]
    assert not asleep, f"training could not change {', '.join(asleep)}: no gradient comes back to it"
    with torch.no_grad():
        logits, attention = model(tokens)
        attention = torch.stack(tuple(attention))
        changed = tokens.clone()
        changed[:, 4] = (changed[:, 4] + 1) % 11
        later, _ = model(changed)
        everyone = torch.ones(7, 7, dtype=torch.bool)
        heard = (model(tokens, everyone)[0] - model(changed, everyone)[0])[:, :4].abs().max()
        small = DecoderOnlyTransformer(vocab_size=11, hidden_size=6, num_layers=1, max_len=9)(tokens[:1, :1])
        for layer in range(3):  # attention and MLP that always answer 0
            nn.init.zeros_(model.attentions[layer].head.out_proj.weight)
            nn.init.zeros_(model.attentions[layer].head.out_proj.bias)
            nn.init.zeros_(model.mlps[layer][2].weight)
            nn.init.zeros_(model.mlps[layer][2].bias)
        silent = model(tokens[:1, :1])[0][0, 0]
        expected = model.output(model.embedding.weight[tokens[0, 0]] + model.positions[0])
    assert tuple(logits.shape) == (2, 7, 11), f"V logits at each position: (2, 7, 11), not {tuple(logits.shape)}"
    assert tuple(attention.shape) == (3, 2, 7, 7), (
        f"the weights of all layers, stacked: (3, 2, 7, 7), not {tuple(attention.shape)}"
    )
    assert torch.allclose(logits[:, :4], later[:, :4], atol=1e-5), (
        "another token at position 4 changed what the model says at positions before it"
    )
    assert not torch.allclose(logits[:, 4:], later[:, 4:], atol=1e-5), "the tokens do not reach the logits"
    assert heard > 1e-5, "a mask that allows all lets earlier positions hear of token 4: is `allowed` used as it comes?"
    assert [tuple(torch.stack(tuple(part)).shape) for part in small] == [(1, 1, 11), (1, 1, 1, 1)], (
        "one layer, one word, one token: logits (1, 1, 11) and attention (1, 1, 1, 1), all axes there"
    )
    assert torch.allclose(silent, expected, atol=1e-5), (
        "with attention and MLP silent, states should reach `output` as they were: embedding plus position 0"
    )
    print("public tests of part 2 passed")


public_tests_forward()
