# %% [markdown]
# # Part 3: Does it matter in training?
#
# A bound on a gradient is a statement about paper networks. Does it say anything about one that is trained? You will
# predict how far back three kinds of cell can learn to look, then train them, and see where the prediction holds and
# where it does not.
#
# **The task.** At step 0 the network sees one of four symbols. Then come 5 to 100 steps of noise (the *lag*), and at the
# end it has to say which symbol it was. Guessing is right in one of four cases. Nothing but the state carries the
# symbol, and nothing but the gradient can teach the network to carry it.
#
# | kind | step | before training |
# |---|---|---|
# | `small` | $h_t = \tanh(W h_{t-1} + U x_t + b)$ | $W$ random, $\|W\| = 0.8$ |
# | `orthogonal` | the same | $W$ orthogonal, so $\|W\| = 1$ |
# | `gru` | a gated cell, yours | a gate that keeps the state for about 100 steps |
#
# ## 3.1 Predict
#
# **The idea.** `vanishing_bound` falls with every step as long as $\gamma\|W\| < 1$. Where it has fallen below some level,
# say a tenth, a loss at the end hardly reaches the first step. That number of steps is a *frontier*, and it can be told
# before anything is trained. (A tenth is a rule of thumb for runs as short as ours. The theorem knows no such level.)
#
# **A small example.** $\gamma\|W\| = 0.5$ and a level of $0.2$: the bound is $1, 0.5, 0.25, 0.125, \dots$ after
# $0, 1, 2, 3, \dots$ steps. The frontier is 2.
#
# **A trap.** What if the bound does not fall?
#
# **Your task** (s002-1.2, the frontier).

# %% answer="s002-1.2-frontier"
def frontier(W: np.ndarray, gamma: float, least: float) -> float:
    """The largest number of steps T >= 0 after which vanishing_bound(W, gamma, T) is still at least `least`.

    W: (d, d); gamma >= 0; 0 < least <= 1; returns an int, or math.inf if the bound is that large for every T.
    """
    ### BEGIN SOLUTION
    if vanishing_bound(W, gamma, 1) >= 1:
        return math.inf
    steps = 0
    while vanishing_bound(W, gamma, steps + 1) >= least:
        steps += 1
    return steps
    ### END SOLUTION

# %% tests="s002-1.2-frontier"
def public_tests_frontier():
    half = 0.5 * np.eye(3)
    assert frontier(half, 1.0, 0.2) == 2, "the small example above: the bound is 0.25 after 2 steps, and 0.125 after 3"
    assert frontier(half, 1.0, 0.9) == 0, "the bound is 1 after 0 steps: here it is below 0.9 after the first"
    assert frontier(0.9 * np.eye(2), 1.0, 0.1) > frontier(half, 1.0, 0.1), "a slower fall ends later"
    assert frontier(3 * np.eye(2), 1.0, 0.1) == math.inf, "a bound that grows never falls below a tenth"
    assert frontier(np.array([[2.0]]), 0.0, 0.1) == 0, "with slopes of zero nothing is left after one step"
    print("public tests of 3.1 passed")


public_tests_frontier()

# %% locked="prediction"
from seq2kit import checkpoints
from seq2kit.rnn import recall, recall_pictures

LEAST = 0.1
NORMS = {"small": recall.SMALL, "orthogonal": 1.0}  # the norm of W before training; |tanh'| <= 1


def predicted_frontier(kind):
    return frontier(NORMS[kind] * np.eye(recall.SIZE), 1.0, LEAST)


# %% figure="predictions"
def predictions():
    for kind in NORMS:
        print(f"{kind}: the bound stays above {LEAST} for {predicted_frontier(kind)} steps")
    return None


pictures.when_ready("frontier", predictions)

# %% [markdown]
# ## 3.2 A cell with a gate
#
# **Why.** An orthogonal matrix keeps lengths, but the $\tanh$ after it does not, and noise comes in at every step. A *gated
# recurrent unit* (GRU; [Cho et al. 2014](https://arxiv.org/abs/1406.1078)) has a path on which nothing is squashed:
# the old state itself, times a gate that can be close to 1.
#
# **The cell**, in the form that PyTorch has it. $a^r, a^z, a^n$ are what the inputs send ($U x_t + b$, given to you):
#
# $$r = \operatorname{sigmoid}(a^r + W^r h), \quad z = \operatorname{sigmoid}(a^z + W^z h), \quad
#   n = \tanh(a^n + r \odot (W^n h)), \quad h' = z \odot h + (1 - z) \odot n$$
#
# The *update gate* $z$ says how much of each entry is kept, the *reset gate* $r$ how much of the old state the
# candidate $n$ may see.
#
# **How long does it remember?** If nothing else happened, a gate $z$ would leave $z^T$ of a state after $T$ steps. A new
# cell has $z$ near $\operatorname{sigmoid}(b)$, so the bias $b$ decides how long it remembers before it has learned
# anything. With $b = 0$ that is $2^{-T}$. ([Tallec and Ollivier 2018](https://arxiv.org/abs/1804.11188) choose it by the
# length of memory that a task needs.)
#
# **A small example.** $T = 1$: one step should leave $1/e \approx 0.368$, so $\operatorname{sigmoid}(b) = 0.368$ and
# $b = -0.541$.
#
# **Your task** (s002-1.2, the cells). `gru_step`; states are **rows** here, and all three matrices are stacked in the order
# $r, z, n$. `keep_bias(T)`: the bias with which a share $1/e$ is left after $T$ steps; $T$ may be in the millions.

# %% answer="s002-1.2-cells"
def gru_step(a: torch.Tensor, h: torch.Tensor, W: torch.Tensor) -> torch.Tensor:
    """The next states of a GRU.

    a: what the inputs send to r, z and n, side by side, (..., B, 3 H); h: states as rows, (..., B, H);
    W: the matrices of r, z and n, one below the other, (..., 3 H, H). Leading axes, if any, are those of
    separate cells, each with its own states and its own W. Returns (..., B, H).
    """
    ### BEGIN SOLUTION
    from_inputs, from_state = a.chunk(3, dim=-1), (h @ W.mT).chunk(3, dim=-1)
    r = torch.sigmoid(from_inputs[0] + from_state[0])
    z = torch.sigmoid(from_inputs[1] + from_state[1])
    n = torch.tanh(from_inputs[2] + r * from_state[2])
    return z * h + (1 - z) * n
    ### END SOLUTION


def keep_bias(T: float) -> float:
    """The bias b with sigmoid(b) ** T = 1/e. T > 0, a number; returns a number."""
    ### BEGIN SOLUTION
    return -math.log(math.expm1(1 / T))
    ### END SOLUTION

# %% tests="s002-1.2-cells"
def public_tests_cells():
    random = torch.Generator().manual_seed(9)
    a, h, W = (torch.randn(shape, generator=random, dtype=torch.float64) for shape in ((2, 9), (2, 3), (9, 3)))
    got = numeric.as_float64(gru_step(a.clone(), h.clone(), W.clone()))
    assert got.shape == (2, 3), f"two states of three numbers: expected (2, 3), got {tuple(got.shape)}"
    shut, open_ = a.clone(), a.clone()
    shut[:, 3:6], open_[:, 3:6] = 50.0, -50.0
    assert torch.allclose(numeric.as_float64(gru_step(shut, h, W)), h), "with z = 1 the state is kept as it is"
    fresh = numeric.as_float64(gru_step(open_, h, W))
    assert fresh.abs().max() <= 1, "with z = 0 the new state is the candidate, a tanh"
    open_[:, :3] = -50.0
    assert torch.allclose(numeric.as_float64(gru_step(open_, h, W)), torch.tanh(a[:, 6:])), (
        "with z = 0 and r = 0 nothing of the old state is left: tanh of what the inputs send to n"
    )
    apart = torch.stack([numeric.as_float64(gru_step(*cell)) for cell in ((a, h, W), (2 * a, h, -W))])
    together = numeric.as_float64(gru_step(torch.stack([a, 2 * a]), torch.stack([h, h]), torch.stack([W, -W])))
    assert torch.allclose(together, apart), "a leading axis holds separate cells: each with its own states and W"
    alone = numeric.as_float64(gru_step(a[None, None, :1], h[None, None, :1], W[None, None]))
    assert tuple(alone.shape) == (1, 1, 1, 3), (
        "any number of leading axes, and a batch of one"
    )
    for T in (1, 30):
        left = (1 / (1 + math.exp(-float(keep_bias(T))))) ** T
        assert abs(left - math.exp(-1)) < 1e-6, f"keep_bias({T}) leaves {left:.3f} after {T} steps, not 1/e = 0.368"
    print("public tests of 3.2 passed")


public_tests_cells()

# %% [markdown]
# ## 3.3 Train, and compare
#
# Each kind is trained anew for each lag, from three starts at once, with 150 updates. That is fifteen runs; they take
# about half a minute on one core and are kept in `checkpoints/`. **Hand in that folder together with this notebook**:
# nobody will train your cells again. If you change `gru_step` or `keep_bias` after training, delete the folder.

# %% locked="training"
def new_cells(kind, seed=0):
    """Three untrained cells of this kind."""
    if kind == "gru":
        return recall.Cells(kind, gru_step, keep=float(keep_bias(recall.MEMORY)), seed=seed)
    return recall.Cells(kind, seed=seed)


def trained_cells(kind, lag):
    """The same, trained at this lag: from checkpoints/ if they are there."""
    return checkpoints.train_or_load(f"recall-{kind}-{lag}", new_cells(kind), lambda fresh: recall.train(fresh, lag)).model


# %% [markdown]
# **Your task** (s002-1.2, recall). `share_recalled` counts. `longest_recalled` reads a row of the table: the largest
# lag up to which *every* start was right often enough, at this lag and at all shorter ones. Then train everything and
# fill in `cells` and `recalled` on the test episodes, `recall.test_episodes(lag)`, of the lag that the cells were trained at.
# Last, two claims. They are judged by whether they follow from **your** table and the frontiers of 3.1 (level `LEAST`),
# where "recalled" means that every start is right in at least nine of ten cases:
#
# - `none_beyond`: does `small` recall at *no* lag beyond its frontier?
# - `all_within`: do `small` and `orthogonal` recall at *every* lag within theirs?

# %% answer="s002-1.2-recall"
def share_recalled(scores: torch.Tensor, symbols: torch.Tensor) -> torch.Tensor:
    """The share of episodes in which the shown symbol has the highest score, for each start.

    scores: (S, n, K); symbols: (S, n), integers from 0 to K - 1; returns S numbers from 0 to 1.
    """
    ### BEGIN SOLUTION
    return (scores.argmax(dim=-1) == symbols).double().mean(dim=-1)
    ### END SOLUTION


def longest_recalled(row: dict, least: float) -> int:
    """The largest lag of `row` such that there and at all shorter lags every start reaches at least `least`.

    row: dict lag -> shares, one per start; the lags may stand in any order. Returns 0 if there is none.
    """
    ### BEGIN SOLUTION
    longest = 0
    for lag in sorted(row):
        if min(row[lag]) < least:
            break
        longest = lag
    return longest
    ### END SOLUTION


cells = {}  # kind -> lag -> the trained cells
recalled = {}  # kind -> lag -> list of three shares, one per start
none_beyond = None
all_within = None
### BEGIN SOLUTION
for kind in recall.KINDS:
    cells[kind] = {lag: trained_cells(kind, lag) for lag in recall.LAGS}
    recalled[kind] = {}
    for lag, three in cells[kind].items():
        x, symbols = recall.test_episodes(lag)
        with torch.no_grad():
            recalled[kind][lag] = share_recalled(three(x), symbols).tolist()
none_beyond = all(min(recalled["small"][lag]) < 0.9 for lag in recall.LAGS if lag > predicted_frontier("small"))
all_within = all(
    min(recalled[kind][lag]) >= 0.9 for kind in NORMS for lag in recall.LAGS if lag <= predicted_frontier(kind)
)
### END SOLUTION

# %% tests="s002-1.2-recall"
def public_tests_recall():
    scores = torch.tensor([[[0.1, 0.7], [0.9, 0.2], [0.3, 0.4]], [[5.0, 1.0], [1.0, 5.0], [5.0, 1.0]]])
    shares = numeric.as_float64(share_recalled(scores, torch.tensor([[1, 1, 1], [0, 1, 0]])))
    assert shares.shape == (2,), f"one share per start: expected (2,), got {tuple(shares.shape)}"
    assert torch.allclose(shares, torch.tensor([2 / 3, 1.0], dtype=torch.float64)), (
        "a share for each start: the first is right in two of three, the second in all"
    )
    one = share_recalled(torch.tensor([[[0.2, 0.8]]]), torch.tensor([[1]]))
    assert float(one[0]) == 1, "one start with one episode"
    row = {5: [1.0, 0.99], 10: [0.95, 0.4], 20: [1.0, 1.0]}
    assert longest_recalled(row, 0.9) == 5, "the row ends before the first failure: at lag 10 one start fails"
    for kind in recall.KINDS:
        assert set(recalled[kind]) == set(recall.LAGS), f"recalled[{kind!r}] needs the lags {recall.LAGS}"
        assert all(len(shares) == recall.STARTS for shares in recalled[kind].values()), "one share per start"
    assert none_beyond in (True, False) and all_within in (True, False), "both claims are True or False"
    print("public tests of 3.3 passed")


public_tests_recall()

# %% figure="picture-recall"
def picture_of_recall():
    for kind in recall.KINDS:
        print(f"{kind}: recalled up to lag {longest_recalled(recalled[kind], 0.9)}")
    bounds = {kind: lambda T, norm=norm: vanishing_bound(norm * np.eye(2), 1.0, T) for kind, norm in NORMS.items()}
    return recall_pictures.recall_against_lag(recalled, bounds, least=LEAST, chance=1 / recall.SYMBOLS)


pictures.when_ready("recalled", picture_of_recall)

# %% [markdown]
# **What to see.** (Numbers of our own run; yours differ a little.) Orange ends where the bound said that it would: at lags
# 20 and 50 all three starts guess. Adam divides each gradient by its usual size, so a small gradient alone would not stop
# it; but the usual size is made by the noise in between, and what the symbol sends is lost in it. Blue ends between 20
# and 50 although its bound forbids nothing: a bound that is 1 at every lag makes no promise, as you found in 2.5. Green
# has a path on which the gradient is multiplied by numbers close to 1, chosen for this length, and recalls at all lags.
#
# **What the bound does not say.** It was computed from $W$ before training, and training moves $W$. In the orange cells
# that recall at lag 5, $\|W\|$ has grown from 0.8 to about 2.9; in those that guess at lags 20 and 50 it stayed below 1. At
# lag 100 one start has 2.1 and is right in half of the cases: the noise had pushed its $W$ out of the region where the
# bound is small. A bound at the start tells where learning is hard to begin. It does not tell where it ends.
