# %% [markdown]
# # Part 5: Which heads matter?
#
# ## 5.1 Rank them
#
# **Why.** A head costs time and memory whether it does something or not. Which ones could go?
#
# **What does not work.** "The average attention weight of the head." Its weights sum to 1 in every row, so their average is $1/n$ for *every* head, also for one whose output is multiplied by 0.
#
# **What works.** Put a switch $\xi_h$ on the output of each head: 1 leaves it, 0 silences it. Two measures count here, choose one:
#
# - *ablation*: mean loss with head $h$ silenced and all others on, minus mean loss with all on (below 0 where a head does harm);
# - *gradient*: the mean over examples of $|\partial \ell / \partial \xi_h|$ at $\xi = 1$, $\ell$ the loss of one example. The absolute value is taken for each example, before the mean. (Why?)
#
# You get a function `loss_fn(mask)`: a tensor `(H,)` of switches goes in, the loss of each validation example `(examples,)` comes out, and gradients flow back to the mask.
#
# **Your task** (s004-1.12).

# %% answer="s004-1.12"
def head_importance(loss_fn, H: int) -> Tensor:
    """How much each of H heads matters: (H,), by ablation or by gradient. loss_fn(mask (H,)) -> losses (examples,)."""
    ### BEGIN SOLUTION
    with torch.no_grad():
        all_on = loss_fn(torch.ones(H)).mean()
        rows = []
        for h in range(H):
            mask = torch.ones(H)
            mask[h] = 0
            rows.append(loss_fn(mask).mean() - all_on)
    return torch.stack(rows)
    ### END SOLUTION

# %% tests="s004-1.12"
def public_tests_importance():
    torch.manual_seed(8)
    parts = torch.randn(9, 3, 4) * torch.tensor([1.0, 0.0, 0.05])[:, None]  # head 1 does nothing, head 2 little
    found = numeric.as_float64(head_importance(heads.planted(parts, parts.sum(1) + 0.1 * torch.randn(9, 4)), 3))
    assert found.shape == (3,), "one number for each head"
    assert abs(found[1]) < 1e-6, "a head that does nothing does not matter"
    assert found[0] > found[2] > 0, "a strong head matters more than a weak one"
    one = numeric.as_float64(head_importance(heads.planted(parts[:1, :1], torch.zeros(1, 4)), 1))
    assert one.shape == (1,), "one head is a list of one"


public_tests_importance()

# %% [markdown]
# ## 5.2 Cut them off
#
# A mask of 0 saves nothing: the head is still computed. To save time, its columns and rows have to go.
#
# **The layout.** `Wq`, `Wk`, `Wv` are `(d, H k)`, and head $h$ owns the columns $hk$ to $(h+1)k$. The outputs of all heads lie side by side, and `Wo` `(H k, d)` maps them back.
#
# **Your task** (s004-1.12, pruning). Four smaller matrices, with the heads `keep` in the order in which they are given, such that what comes out equals the model with all other heads silenced.

# %% answer="s004-1.12-prune"
def prune_heads(
    Wq: Tensor, Wk: Tensor, Wv: Tensor, Wo: Tensor, H: int, keep: list[int]
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Wq, Wk, Wv: (d, H k), Wo: (H k, d) -> the same for the heads in `keep` (at least one), of which there are m:
    (d, m k) three times, and (m k, d)."""
    ### BEGIN SOLUTION
    k = Wq.shape[1] // H
    rows = torch.cat([torch.arange(h * k, (h + 1) * k) for h in keep])
    return Wq[:, rows], Wk[:, rows], Wv[:, rows], Wo[rows]
    ### END SOLUTION

# %% tests="s004-1.12-prune"
def public_tests_prune():
    torch.manual_seed(9)
    layer = heads.Attention(5, 3, 2)
    x, whole = torch.randn(2, 4, 5), [W.detach().clone() for W in (layer.Wq, layer.Wk, layer.Wv, layer.Wo)]
    for keep in ([0, 2], [1], [0, 1, 2]):
        got = prune_heads(*whole, 3, list(keep))
        assert [tuple(W.shape) for W in got] == [(5, 2 * len(keep))] * 3 + [(2 * len(keep), 5)], "smaller matrices: (d, m k) and (m k, d)"
        small = heads.Attention(5, len(keep), 2)
        with torch.no_grad():
            for own, new in zip((small.Wq, small.Wk, small.Wv, small.Wo), got, strict=True):
                own.copy_(torch.as_tensor(new))
            mask = torch.tensor([float(h in keep) for h in range(3)])
            assert torch.allclose(small(x), layer(x, mask), atol=1e-5), f"the same as silencing the others: keep {keep}"
    assert prune_heads(*[W.double() for W in whole], 3, [1])[0].dtype == torch.float64, "the dtype stays"
    assert prune_heads(torch.ones(2, 1), torch.ones(2, 1), torch.ones(2, 1), torch.ones(1, 2), 1, [0])[3].shape == (1, 2), "one head of width 1 can stay"


public_tests_prune()

# %% [markdown]
# ## 5.3 A trained model
#
# The course ships a small language model with two layers of four heads, trained on the toy English of `seq2kit.language` (70 words, its entropy is known). Rank its eight heads with your function, then
# cut them off for good, the least important first, and measure loss and time again. Beside it: ten random orders.

# %% figure="heads"
def heads_of_a_trained_model():
    model, text = heads.trained(), heads.windows(200)
    ranked = np.array([numeric.as_float64(head_importance(heads.loss_of(model, heads.windows(200, seed=seed)), heads.ALL)).numpy() for seed in range(4)])
    order, floor = np.argsort(ranked.mean(0)), heads.floor()
    drawn = np.random.default_rng(0)
    curves = {"least important first": [heads.removed(model, text, order)], "in random order": [heads.removed(model, text, drawn.permutation(heads.ALL)) for _ in range(10)]}
    for count in (0, 2, 4):
        kept = sorted(int(h) for h in order[count:])
        keep = [[h % heads.HEADS for h in kept if h // heads.HEADS == layer] for layer in range(heads.LAYERS)]
        if not all(keep):
            break
        small = heads.without_heads(model, keep, prune_heads)
        numbers = sum(p.numel() for p in small.parameters())
        with torch.no_grad():
            loss = heads.loss_of(small, text)(torch.ones(heads.ALL - count)).mean()
        print(f"without {count} heads: {loss:.3f} nats, {numbers:,} numbers, {1e3 * heads.seconds(small, text):.1f} ms for 200 windows (median of 7)")
    return depth_pictures.heads(ranked, {label: np.array(rows) for label, rows in curves.items()}, floor)


when_ready("head_importance or prune_heads", heads_of_a_trained_model)

# %% [markdown]
# **What to see.** No head of this model is idle: it is small, and was trained for long. But the least important one costs less than a tenth of what the most important one does, and taking them by rank costs less than nearly every
# random order. The bars speak of one head at a time. Are the losses of the curve their sums?

# %% [markdown]
# **Write it down** (s004-1.12, read by a person). Design experiments that rank heads for pruning, at most ten sentences: what do you measure, on which data, what do you do about heads that stand in for each other, and how do you show that
# pruning was worth it? Use a number from above.

# %% [markdown] answer="s004-1.12-words"
# ### BEGIN SOLUTION
# On validation data and with dropout off, silence one head at a time and note by how much the loss grows (or take $E|\partial\ell/\partial\xi_h|$, the absolute value per example, which needs one backward pass for all heads). Repeat on several samples, because
# small differences are noise. Average attention weights say nothing: they are $1/n$ for every head. Two heads that do the same look useless one at a time, and are not when both go; so prune a few, measure again,
# and rank anew. Prune whole heads, with their columns and rows: single weights set to 0 save no time. At the end compare loss, size and time with the whole model and with random pruning (the picture), and
# fine-tune if the loss grew. Here, without its two least important heads, the model went from 1.256 to 1.495 nats, and
# a pass from 8.9 to 7.4 ms; one at a time these two heads cost 0.04 and 0.07, less than half of that: they stand in for each other.
# ### END SOLUTION
