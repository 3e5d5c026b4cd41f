# %% [markdown]
# # Part 2: The model
#
# ## 2.1 Positions that are learned
#
# **Why.** Attention without a mask does not know about order: shuffle the words and the averages stay the same. A causal
# mask gives order away, since position $i$ sees $i + 1$ words, and several layers can make much of that
# ([Haviv et al. 2022](https://arxiv.org/abs/2203.16634)). But to be told is easier than to find out. So each position
# gets a vector of its own, added to the word's vector, and training finds out what is useful to write there.
#
# **Traps.** The table has `max_len` rows and no more; a longer input has to fail *loudly*. (That is a real limit of learned
# positions, which formulas such as sinusoids do not have. And a table of one row adds to any number of positions without
# a complaint.) It has to be a *parameter*, or nothing is learned, and starts from small random numbers, of deviation 1 at
# most. A sentence of length $n$ uses the first $n$ rows, whatever the batch.
#
# **Your task** (s004-1.04).


# %% answer="s004-1.04"
class LearnedPE(nn.Module):
    """Learned positions: one trainable row of width d per position 0 ... max_len - 1, and nothing else to train.

    forward(x): (b, n, d) -> x plus the first n rows, (b, n, d). Raises ValueError when n > max_len.
    """

    def __init__(self, max_len: int, d: int) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        self.table = nn.Parameter(0.02 * torch.randn(max_len, d))
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        ### BEGIN SOLUTION
        n = x.shape[1]
        if n > len(self.table):
            raise ValueError(f"{n} positions, but only {len(self.table)} were learned")
        return x + self.table[:n]
        ### END SOLUTION


# %% tests="s004-1.04"
def public_tests_positions():
    torch.manual_seed(3)
    layer = LearnedPE(7, 4)
    assert sum(p.numel() for p in layer.parameters()) == 28, "7 positions of width 4 make 28 trainable numbers"
    x = torch.randn(2, 5, 4)
    out = layer(x)
    assert out.shape == x.shape, f"positions are added, the shape stays {tuple(x.shape)}; got {tuple(out.shape)}"
    assert layer(x[:1, :1]).shape == (1, 1, 4), "one word alone: it gets the first position, and keeps its three axes"
    added = (out - x).detach()
    assert torch.allclose(added[0], added[1], atol=1e-6), "every sequence of the batch gets the same positions"
    assert not torch.allclose(added[0, 0], added[0, 1]), "different positions get different vectors"
    for table, n in ((layer, 8), (LearnedPE(1, 4), 2)):
        try:
            table(torch.randn(2, n, 4))
        except (ValueError, RuntimeError, IndexError):
            continue
        raise AssertionError(f"there is no row for position number {n} (from 1): raise ValueError, use no row twice")
    print("public tests of 2.1 passed")


public_tests_positions()

# %% [markdown]
# ## 2.2 Which architecture?
#
# **Your task** (s004-1.06, choice). We want a model that gives $p(x_{i+1} \mid x_0, \dots, x_i)$ at *every* position of a plain
# text in one pass, that is trained on all these positions at once, and that writes text from left to right. Judge a
# design by what it does, not by its name. Which of these designs does the job as it stands?
#
# - **a** An encoder: self-attention in which every position attends to every other; position $i$ is trained to give word $i + 1$.
# - **b** A decoder without cross-attention: self-attention under a causal mask; position $i$ is trained to give word $i + 1$.
#   (The same stack under another name, say an "encoder" with a causal mask, counts as this.)
# - **c** An encoder and a decoder: the encoder reads the whole text, the decoder attends to it by cross-attention, and is
#   trained to give the words of that same text.
# - **d** An encoder trained to fill in masked words; to write, a mask is put at the end.

# %% answer="s004-1.06-choice"
# replace the dots by a letter (or letters): answers["s004-1.06"] = {"..."}
### BEGIN SOLUTION
answers["s004-1.06"] = {"b"}
### END SOLUTION

# %% tests="s004-1.06-choice"
assert answers.get("s004-1.06"), 'give your choice as answers["s004-1.06"] = {...}'

# %% [markdown]
# ## 2.3 The block and the GPT
#
# **The idea.** A block adds two things to the stream of vectors that passes through it, each computed from a normalised
# copy: what attention brings from other positions, and what a small network makes of the position itself.
#
# $$x \leftarrow x + \operatorname{attention}(\operatorname{norm}_1(x)), \qquad
#   x \leftarrow x + \operatorname{mlp}(\operatorname{norm}_2(x))$$
#
# A GPT embeds words, adds positions, runs the blocks, normalises once more and maps to one logit per word.
#
# | part of `Block` | what it is | part of `GPT` | what it is |
# |---|---|---|---|
# | `norm1`, `norm2` | `nn.LayerNorm(d)` | `embedding` | `nn.Embedding(vocab, d)` |
# | `attention` | `CausalSelfAttention(d, heads)` | `position` | `LearnedPE(context, d)` |
# | `mlp` | `nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))` | `blocks` | `nn.ModuleList` of `layers` blocks |
# | | | `norm`, `head` | `nn.LayerNorm(d)`, `nn.Linear(d, vocab, bias=False)` |
#
# Use these names: then your weights can be loaded into any GPT that is built to the same plan.
#
# **Before the first update** a model knows nothing, so it should say so: nearly uniform predictions, a loss close to
# $\ln V$. With PyTorch's default start it does not. The default head turns normalised vectors into logits of variance 1/3, so a
# fresh model has opinions, and they cost it about 1/6 nat above $\ln V$. And `nn.Embedding` draws words with standard deviation
# 1, beside which small positions hardly count: the loss falls later. Start all weights of `nn.Linear` and `nn.Embedding`, also
# those inside the blocks, from a normal distribution with standard deviation 0.02, all biases of `nn.Linear` at 0, and
# leave the norms as they are. (The positions may start from any small values. If you like, start `O` and the last layer of
# `mlp` smaller still, as GPT-2 does.)
#
# **Traps.** A missing `x +`, and deep models barely train. One block used `layers` times instead of `layers` blocks: the
# output shape will not tell you. An input longer than `context`: raise a `ValueError`; `LearnedPE` does that for you.
#
# **Your task** (s004-1.06, s000-5.1.9).


# %% answer="s004-1.06-gpt"
class Block(nn.Module):
    """x + attention(norm1(x)), then x + mlp(norm2(x)). forward(x): (b, n, d) -> (b, n, d)."""

    def __init__(self, d: int, heads: int) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.attention = CausalSelfAttention(d, heads)
        self.mlp = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        ### BEGIN SOLUTION
        x = x + self.attention(self.norm1(x))[0]
        return x + self.mlp(self.norm2(x))
        ### END SOLUTION


class GPT(nn.Module):
    """A decoder-only language model. forward(ids): (b, n) int64, n <= context -> logits (b, n, vocab).

    Raises ValueError when n > context.
    """

    def __init__(self, vocab: int, context: int, d: int, layers: int, heads: int) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        self.embedding = nn.Embedding(vocab, d)
        self.position = LearnedPE(context, d)
        self.blocks = nn.ModuleList(Block(d, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(d)
        self.head = nn.Linear(d, vocab, bias=False)
        for part in self.modules():
            if isinstance(part, (nn.Linear, nn.Embedding)):
                nn.init.normal_(part.weight, std=0.02)
            if isinstance(part, nn.Linear) and part.bias is not None:
                nn.init.zeros_(part.bias)
        ### END SOLUTION

    def forward(self, ids: Tensor) -> Tensor:
        ### BEGIN SOLUTION
        x = self.position(self.embedding(ids))
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))
        ### END SOLUTION


# %% tests="s004-1.06-gpt"
def public_tests_gpt():
    torch.manual_seed(4)
    model = GPT(vocab=11, context=7, d=12, layers=3, heads=2)
    ids = torch.randint(11, (5, 6))
    logits = model(ids)
    assert logits.shape == (5, 6, 11), f"one logit per word at each position: expected (5, 6, 11), got {tuple(logits.shape)}"
    assert len(model.blocks) == 3 and len({id(block) for block in model.blocks}) == 3, "three different blocks"
    start = F.cross_entropy(logits.flatten(0, 1), ids.flatten()).item()
    assert abs(start - math.log(11)) < 0.1, f"before training the loss should be close to ln 11 = 2.398, but is {start:.3f}"
    assert model(ids[:1, :1]).shape == (1, 1, 11), "one word alone: the logits of one sequence of one word have three axes"
    changed = ids.clone()
    changed[:, 4] = (changed[:, 4] + 1) % 11
    assert torch.allclose(model(changed)[:, :4], logits[:, :4], atol=1e-6), "word 4 must not matter for positions 0 to 3"
    assert not torch.allclose(model(changed)[:, 5], logits[:, 5], atol=1e-7), "word 4 has to matter for position 5"
    block = Block(12, 2)
    assert block(torch.zeros(2, 3, 12)).shape == (2, 3, 12), "a block keeps the shape"
    assert block(torch.zeros(1, 1, 12)).shape == (1, 1, 12), "one sequence of one word has three axes too"
    print("public tests of 2.3 passed")


public_tests_gpt()

# %% [markdown]
# ## 2.4 How many parameters?
#
# A published answer to this exercise trains a "gpt-nano" (the name is from [minGPT](https://github.com/karpathy/minGPT))
# and prints `2.50M parameters`. Its plan is the one above, with
# `vocab=50257, context=32, d=48, layers=3, heads=3`. Count yourself and you find that nearly all of these parameters sit
# in the embedding, and that the printed number *leaves out* the head, which has as many again: 4.91M in all. Neither
# number is wrong; a number that does not say what it counts is.
#
# **Your task** (s000-5.1.9a, first part). The number of parameters by formula, without building a model, and to the last
# one, also of many millions. With `head=False` (the default) everything but the head, as in that printout; with `head=True`
# everything.


# %% answer="s000-5.1.9a-count"
def count_params(cfg: dict[str, int], head: bool = False) -> int:
    """Number of trainable parameters of GPT(**cfg), a whole number.

    cfg: dict with vocab, context, d, layers, heads. head: whether the weights of the head count too.
    """
    ### BEGIN SOLUTION
    V, n, d, layers = (cfg[key] for key in ("vocab", "context", "d", "layers"))
    attention = 4 * (d * d + d)
    mlp = (d * 4 * d + 4 * d) + (4 * d * d + d)
    block = attention + mlp + 2 * (2 * d)
    return V * d + n * d + layers * block + 2 * d + (V * d if head else 0)
    ### END SOLUTION


# %% tests="s000-5.1.9a-count"
def public_tests_count():
    nano = {"vocab": 50257, "context": 32, "d": 48, "layers": 3, "heads": 3}
    assert f"{count_params(nano) / 1e6:.2f}M" == "2.50M", "without its head, the published gpt-nano has 2.50M parameters"
    assert f"{count_params(nano, head=True) / 1e6:.2f}M" == "4.91M", "with its head it has 4.91M"
    large = {"vocab": 50257, "context": 65, "d": 387, "layers": 3, "heads": 3}
    assert count_params(large) == 24_882_165, "ten times the gpt-nano: 24,882,165 parameters, to the last one"
    print("public tests of 2.4 passed")


public_tests_count()

# %% [markdown]
# Does your formula agree with your model?

# %% locked="config"
CONFIG = {"vocab": text.size, "context": CONTEXT, "d": 64, "layers": 2, "heads": 4}


def compare_counts():
    built = sum(p.numel() for p in GPT(**CONFIG).parameters())
    print(f"the model of part 3: {built:,} parameters when built, {count_params(CONFIG, head=True):,} by formula")


attempt("the comparison of counts", compare_counts)
