# %% [markdown]
# ## 1.4 Attention without a loop
#
# **Why.** A quadratic amount of work, and yet attention replaced recurrent networks *because it is fast*.
# The reason is not how much there is to do but how much of it has to wait.
#
# **The idea.** Below is attention as the formulas state it: one query after the other, and for each of them
# one key after the other. Nothing that is computed for one query is needed for another. So all of it may
# happen at once, as products of whole matrices, and that is what a GPU is built for.


# %% locked="attention-loop"
from torch.utils._python_dispatch import TorchDispatchMode


def attention_by_token(Q, K, V):
    """Attention as on paper: queries (n, h), keys (m, h), values (m, d) -> (n, d)."""
    outputs = []
    for query in Q:
        scores = torch.stack([torch.dot(query, key) for key in K]) / math.sqrt(len(query))
        shares = torch.softmax(scores, dim=0)
        outputs.append(sum(share * value for share, value in zip(shares, V, strict=True)))
    return torch.stack(outputs)


class OperationCounter(TorchDispatchMode):
    """Counts the operations on tensors that run while it is active."""

    def __init__(self):
        super().__init__()
        self.operations = 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        self.operations += 1
        return function(*args, **(kwargs or {}))


def count_operations(function, *arguments):
    """How many operations on tensors (products, sums, softmaxes, slices ...) function(*arguments) takes."""
    with OperationCounter() as counter:
        function(*arguments)
    return counter.operations


for length in (4, 8, 16):
    tokens = torch.randn(length, 6)
    print(length, "tokens:", count_operations(attention_by_token, tokens, tokens, tokens), "operations, one by one")

# %% [markdown]
# **A tiny example.** To get all dot products of the rows of $A$ and the rows of $B$ you need no loop: row
# $i$ of $A$ times column $j$ of $B^\top$ is exactly that.
#
# **Traps.** Which axis sums to 1? Each *query* distributes a total weight of 1 over the *keys*. What is
# divided by $\sqrt h$, and when? And a batch of sequences has axes in front, `(batch, heads, n, h)`: `.T`
# turns *all* axes around, while `.mT` or `.transpose(-1, -2)` swaps the last two.
#
# **Your task** (s000-4.1c). Write attention so that the number of operations does not depend on the length.
# The numbers of queries and keys may differ, there may be any number of leading axes (of size 1 too), scores
# may reach 10,000 or be exactly 0, and gradients should flow.


# %% answer="s000-4.1c"
def attention(Q: torch.Tensor, K: torch.Tensor, V: torch.Tensor) -> torch.Tensor:
    """Scaled dot-product attention in a fixed number of operations on tensors.

    Q: (..., n, h); K: (..., m, h); V: (..., m, d); returns (..., n, d). Gradients flow to all three.
    """
    ### BEGIN SOLUTION
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    return torch.softmax(scores, dim=-1) @ V
    ### END SOLUTION


# %% tests="s000-4.1c"
def public_tests_attention():
    random = torch.Generator().manual_seed(1)
    Q, K, V = (torch.randn(s, generator=random, dtype=torch.float64) for s in ((5, 4), (7, 4), (7, 3)))
    got = numeric.as_float64(attention(Q.clone(), K.clone(), V.clone()))
    assert got.shape == (5, 3), f"one output per query, as wide as the values: (5, 3), got {tuple(got.shape)}"
    assert numeric.relative_error(got, attention_by_token(Q, K, V)) < 1e-6, (
        "the outputs differ from those of the loop: compare the scaling and the axis of the softmax"
    )
    batch = [part.expand(2, 3, *part.shape).clone() for part in (Q, K, V)]
    together = numeric.as_float64(attention(*batch))
    assert together.shape == (2, 3, 5, 3), f"leading axes stay in front: (2, 3, 5, 3), got {tuple(together.shape)}"
    assert numeric.relative_error(together[1, 2], got) < 1e-6, "each slice of a batch is computed by itself"
    alone = numeric.as_float64(attention(*(part[None].clone() for part in (Q, K, V))))
    assert alone.shape == (1, 5, 3), f"a batch of one is a batch: (1, 5, 3), got {tuple(alone.shape)}"
    tiny = numeric.as_float64(attention(torch.ones(1, 1), torch.zeros(1, 1), torch.full((1, 1), 3.0)))
    assert tiny.shape == (1, 1) and abs(float(tiny) - 3) < 1e-6, (
        "one query, one key, one number: both axes stay, and the only value comes out, also where its score is 0"
    )
    few, many = (count_operations(attention, *[torch.randn(n, 6) for _ in range(3)]) for n in (5, 50))
    assert many <= few + 8, f"{few} operations for 5 tokens, but {many} for 50: something still loops over tokens"
    Q.requires_grad_(True)
    attention(Q, K, V).sum().backward()
    assert Q.grad is not None, "training needs gradients: nothing may be detached"
    print("public tests of 1.4 passed:", few, "operations for any length")


public_tests_attention()

# %% [markdown]
# **Write it down** (s000-4.1c, at most five sentences; read by a person). The work is quadratic. Why does
# attention nevertheless run fast on a GPU? Compare it with a recurrent network, say what kind of operation
# it consists of, what happens to sums over many terms, and what does *not* get better.

# %% [markdown] answer="s000-4.1c-text" grade_id="text-s000-4_1c"
# ### BEGIN SOLUTION
# Nearly all of the work is in dense products of large matrices, batched over sequences and heads, which is what a
# GPU does best. No output waits for another: the number of steps that must follow each other does not grow with $n$,
# while a recurrent network needs $n$ of them, because each state is computed from the one before. The sums inside
# (dot products, the denominator of the softmax) are taken in a tree or tile by tile, so that their depth grows like
# $\log n$. What does not change is the amount: it stays quadratic, and so does the memory for the weights unless
# they are worked off in tiles; parallel hardware only makes the constant small until it is busy.
# ### END SOLUTION

# %% [markdown]
# ## 1.5 Hiding one position
#
# **Why.** Masks are how a model is kept from looking where it must not: at padding, at the future, at the
# word it should guess. A mask that leaks a little gives beautiful training curves and a useless model. So
# this exercise is about masking *one* position, and about ways to be sure.
#
# **What it means.** No query may learn anything from key and value number `pos`. Its weight is 0 in every
# row, and the remaining weights of a row still sum to 1, exactly as if that token had no key and no value.
# It does keep its query: the token itself may look at the others. A mask is about a *column* of the
# weights, not about a row.
#
# **By hand.** Scores $(1, 0, 1)$ with position 0 masked leave $(0, 1)$, so the weights are
# $(0, \tfrac{1}{1+e}, \tfrac{e}{1+e}) \approx (0, .27, .73)$.
#
# **Traps.**
#
# - A score of 0 is no mask: $e^0 = 1$. Neither is a key of zeros, for the same reason. Which score gives a
#   weight of 0?
# - Adding a matrix of zeros and ones to the scores masks nothing at all. And a causal (lower triangular)
#   mask hides the future from each query, which is another rule: every query after `pos` would still see
#   `pos`.
# - Setting weights to 0 after the softmax leaves rows that do not sum to 1.
# - "A large negative number" has to be large compared with *any* score that may occur.
# - Texts number positions from 1, tensors from 0. Here `pos` counts from 0.
#
# **Your task** (s000-4.2). Attention with scores $QK^\top / \sqrt h$ in which position `pos` is hidden as a
# key and a value. Return the outputs and the weights. Leading axes, large scores (to 10,000) and gradients
# should work as in 1.4.


# %% answer="s000-4.2"
def masked_attention(
    Q: torch.Tensor, K: torch.Tensor, V: torch.Tensor, pos: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Attention in which no query sees key and value of position pos (0 <= pos < n).

    Q, K: (..., n, h); V: (..., n, d), n >= 2; returns out (..., n, d) and weights (..., n, n), queries in rows.
    Gradients flow to Q, K and V; scores may be as large as 10,000 and as low as -10,000.
    """
    ### BEGIN SOLUTION
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    hidden = torch.arange(K.shape[-2], device=K.device) == pos
    weights = torch.softmax(scores.masked_fill(hidden, -math.inf), dim=-1)
    return weights @ V, weights
    ### END SOLUTION


# %% tests="s000-4.2"
def public_tests_mask():
    random = torch.Generator().manual_seed(2)
    Q, K, V = (torch.randn(s, generator=random, dtype=torch.float64) for s in ((4, 3), (4, 3), (4, 5)))
    out, weights = masked_attention(Q.clone(), K.clone(), V.clone(), 2)
    out, weights = numeric.as_float64(out), numeric.as_float64(weights)
    assert out.shape == (4, 5), f"every query gets an output, (4, 5); got {tuple(out.shape)}"
    assert weights.shape == (4, 4), f"a weight for each query and each key, (4, 4); got {tuple(weights.shape)}"
    assert weights[:, 2].abs().max() < 1e-9, "key 2 is masked but still gets weight"
    assert (weights.sum(-1) - 1).abs().max() < 1e-6, "the weights of each query sum to 1, also beside a mask"
    assert weights[2].max() < 1, "query 2 still asks: its weights are spread over the other keys"
    for lead in ((1,), (2, 3)):  # a batch of one, and a batch with heads
        batch = [part.expand(*lead, *part.shape).clone() for part in (Q, K, V)]
        some_out, some_weights = (numeric.as_float64(part) for part in masked_attention(*batch, 2))
        assert some_out.shape == (*lead, 4, 5) and some_weights.shape == (*lead, 4, 4), "leading axes stay in front"
        assert numeric.relative_error(some_weights[(0,) * len(lead)], weights) < 1e-6, "each slice is masked as it is alone"
    left = numeric.as_float64(masked_attention(Q[:2].clone(), K[:2].clone(), V[:2].clone(), 0)[1])
    assert (left[:, 1] - 1).abs().max() < 1e-6, "where one of two keys is masked, the other one gets all the weight"
    loud = V.clone()
    loud[2] = 1e6
    shouted = numeric.as_float64(masked_attention(Q, K, loud, 2)[0])
    assert numeric.relative_error(shouted, out) < 1e-6, "a masked value must not be heard, however loud"
    K.requires_grad_(True)
    masked_attention(Q, K, V, 2)[0].sum().backward()
    assert K.grad is not None and K.grad[2].abs().max() < 1e-9, "no gradient goes to a masked key"
    assert K.grad.abs().max() > 0, "the other keys do get gradients"
    print("public tests of 1.5 passed")


public_tests_mask()

# %% [markdown]
# **Look at it.** The framed column is emptied, and what it held goes to the other keys of the same row, in
# proportion to what they had. Row 2 is still there.

# %% figure="picture-mask"
def picture_of_mask(n=6, pos=2):
    random = torch.Generator().manual_seed(3)
    Q, K = (torch.randn(n, 4, generator=random, dtype=torch.float64) * 1.3 for _ in range(2))
    everyone = torch.eye(n, dtype=torch.float64)  # with these values the outputs are the weights themselves
    panels = {"before": attention(Q, K, everyone), f"position {pos} masked": masked_attention(Q, K, everyone, pos)[1]}
    return attention_pictures.weights_side_by_side(panels, pos)


pictures.when_ready("attention and masked_attention", picture_of_mask)
