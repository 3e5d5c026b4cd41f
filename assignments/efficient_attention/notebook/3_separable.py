# %% [markdown]
# # Part 3: Separable attention
#
# ## 3.1 A softmax on either side
#
# **Why.** It is the softmax that forces the $n \times n$ matrix upon us: $\exp(QK^\top)$ is no product of thin matrices. What if queries
# and keys get a softmax *each*?
#
# **The idea.** $B = \operatorname{softmax}(Q)$ over each row, so that every query is a distribution over $d$ features.
# $C = \operatorname{softmax}(K)$ over each *column*, so that every feature is a distribution over the $n$ keys. The weights are
# $A = B C^\top$: a query chooses features, and a feature chooses keys. (No division by $\sqrt d$ here.)
#
# **By hand.** $d = 1$. What is $B$? What are the rows of $A$?
#
# **Your task** (s002-3.2a). The matrix $A$, with a softmax that survives entries of many thousands.

# %% answer="s002-3.2a"
def separable_weights(Q: np.ndarray, K: np.ndarray) -> np.ndarray:
    """softmax over the rows of Q, times the transpose of softmax over the columns of K. Q: (n, d), K: (n', d) -> (n, n')."""
    ### BEGIN SOLUTION
    B = np.exp(Q - Q.max(axis=1, keepdims=True))
    C = np.exp(K - K.max(axis=0, keepdims=True))
    return (B / B.sum(axis=1, keepdims=True)) @ (C / C.sum(axis=0, keepdims=True)).T
    ### END SOLUTION

# %% tests="s002-3.2a"
def public_tests_separable_weights():
    drawn = np.random.default_rng(5)
    for n, m, d in ((6, 6, 3), (3, 5, 8), (7, 4, 1), (1, 1, 2)):
        Q, K = drawn.normal(size=(n, d)), drawn.normal(size=(m, d))
        A = numeric.as_float64(separable_weights(Q, K))
        assert A.shape == (n, m), f"a row for each query, a column for each key: {n} queries, {m} keys"
        assert bool((A >= 0).all()), "weights are not negative"
        assert torch.allclose(A.sum(1), torch.ones(n, dtype=torch.float64)), f"each row sums to 1: {n} queries, {m} keys, d = {d}"
        want = torch.from_numpy(Q).softmax(1) @ torch.from_numpy(K).softmax(0).T
        assert torch.allclose(A, want), f"rows of Q, columns of K: {n} queries, {m} keys, d = {d}"
    large = numeric.as_float64(separable_weights(5000 * Q, 5000 * K))
    assert torch.isfinite(large).all(), "entries of many thousands: subtract each maximum first"


public_tests_separable_weights()

# %% [markdown]
# **Write it down** (s002-3.2a, proof; read by a person). Show for any $Q$ and $K$ that each row of $A$ is a distribution.

# %% [markdown] answer="s002-3.2a-proof"
# ### BEGIN SOLUTION
# $B_{ic} \ge 0$ and $\sum_c B_{ic} = 1$ for each query $i$ (softmax over a row of $Q$, its axis of $d$ features). $C_{jc} \ge 0$ and
# $\sum_j C_{jc} = 1$ for each feature $c$ (softmax over a column of $K$, its axis of $n$ keys). $A_{ij} = \sum_c B_{ic} C_{jc} \ge 0$ as a
# sum of products of such numbers, and $\sum_j A_{ij} = \sum_c B_{ic} \sum_j C_{jc} = \sum_c B_{ic} = 1$.
# ### END SOLUTION

# %% [markdown]
# ## 3.2 ... and in linear time
#
# **Why.** Written as $(BC^\top)V$, nothing is gained: the matrix in brackets is $n \times n$. That the softmax got cheaper does not matter.
# What matters is what the split lets you do *next*.
#
# **Your task** (s002-3.2b). The same attention without that matrix, and the order of growth of its time and memory when $n$ is much larger
# than $d$. ($V$ is $(n, d)$ for the costs.)

# %% answer="s002-3.2b"
def separable_attention(Q: np.ndarray, K: np.ndarray, V: np.ndarray) -> np.ndarray:
    """separable_weights(Q, K) @ V, in linear time and memory. Q: (n, d), K: (n', d), V: (n', e) -> (n, e)."""
    ### BEGIN SOLUTION
    B = np.exp(Q - Q.max(axis=1, keepdims=True))
    C = np.exp(K - K.max(axis=0, keepdims=True))
    G = (C / C.sum(axis=0, keepdims=True)).T @ V
    return (B / B.sum(axis=1, keepdims=True)) @ G
    ### END SOLUTION


def time_sep(n: int, d: int) -> float:
    """A function of the order of growth of its time, n much larger than d."""
    ### BEGIN SOLUTION
    return n * d * d
    ### END SOLUTION


def space_sep(n: int, d: int) -> float:
    """A function of the order of growth of its memory, inputs and result counted, n much larger than d."""
    ### BEGIN SOLUTION
    return n * d + d * d
    ### END SOLUTION

# %% tests="s002-3.2b"
def public_tests_separable():
    drawn = np.random.default_rng(6)
    for n, m, d, e in ((6, 6, 3, 3), (4, 7, 5, 2), (5, 4, 1, 3), (1, 1, 2, 1)):
        Q, K, V = (drawn.normal(size=shape) for shape in ((n, d), (m, d), (m, e)))
        got = numeric.as_float64(separable_attention(Q, K, V))
        assert got.shape == (n, e), f"the result is (n, e): {n} queries, {m} keys, e = {e}"
        want = torch.from_numpy(Q).softmax(1) @ torch.from_numpy(K).softmax(0).T @ torch.from_numpy(V)
        assert torch.allclose(got, want), f"the weights times V: {n} queries, {m} keys, d = {d}, e = {e}"
    large = numeric.as_float64(separable_attention(5000 * Q, 5000 * K, V))
    assert torch.isfinite(large).all(), "entries of many thousands: subtract each maximum first"
    case = [drawn.normal(size=(3000, 8)) for _ in range(3)]
    peak = growth.numpy_peak(lambda: separable_attention(*case)) / 1e6
    assert peak < 8, f"3,000 positions: a few MB. Yours takes {peak:.0f}, an n x n matrix 72: what is multiplied first?"
    for cost in (time_sep, space_sep):
        assert abs(growth.exponent(cost, (10**4, 3), 0) - 1) < 0.05, f"twice the length, twice the cost: {cost.__name__}"


public_tests_separable()

# %% [markdown]
# ## 3.3 What it cannot say
#
# **Why.** Cheaper and just as good would be too good. Where is the catch?
#
# **The question.** Fix $n$ and $d < n$. Is every matrix that $\operatorname{softmax}(QK^\top)$ can make (no division by $\sqrt d$ here)
# also made by $BC^\top$, or nearly? Look at the rank. Then find a *witness*: queries and keys, with $d = 2$, for which standard attention
# is nearly the identity, so that every position looks at itself alone. That matrix has rank $n$.
#
# **Hint.** Position $i$ should have a larger product with its own key than with any other. Put points on a curve on which each is the
# farthest out in its own direction, and then scale: the softmax of large numbers is hard.
#
# **Your task** (s002-3.2c). `witness(10)` must come within 0.1 of the identity (Frobenius norm: the root of the sum of squares of all
# differences); so must fewer positions.

# %% answer="s002-3.2c"
# Is separable attention as expressive as standard attention? True or False. Replace the None, and delete the `raise` below.
as_expressive = None
### BEGIN SOLUTION
as_expressive = False
### END SOLUTION


def max_rank(n: int, d: int) -> int:
    """The largest rank that an n x n matrix of separable attention of width d can have."""
    ### BEGIN SOLUTION
    return min(n, d)
    ### END SOLUTION


def witness(n: int, d: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """(Q, K), each (n, d), for which softmax(Q K^T) is within 0.1 of the identity. It is called with n alone."""
    ### BEGIN SOLUTION
    angle = 2 * np.pi * np.arange(n) / n
    Q = np.zeros((n, d))
    Q[:, 0], Q[:, 1] = 10 * n * np.cos(angle), 10 * n * np.sin(angle)
    return Q, Q.copy()
    ### END SOLUTION

# %% tests="s002-3.2c"
def public_tests_expressive():
    assert as_expressive is not None, "as_expressive: True or False"
    assert 1 <= int(max_rank(4, 4)) <= 4, "max_rank: no 4 x 4 matrix has a larger rank than 4"
    assert int(max_rank(9, 1)) == 1, "max_rank: with d = 1 all rows are equal"
    for n in (10, 6, 2):
        Q, K = (numeric.as_float64(part) for part in witness(n))
        assert Q.shape == K.shape == (n, 2), f"two arrays (n, 2): n = {n}"
        away = torch.linalg.norm((Q @ K.T).softmax(-1) - torch.eye(n, dtype=torch.float64)).item()
        assert away < 0.1, f"near the identity: for n = {n} yours is {away:.2g} away"


public_tests_expressive()

# %% figure="witness"
def show_witness():
    Q, K = (numeric.as_float64(part).numpy() for part in witness(10))
    scores = torch.from_numpy(Q @ K.T).softmax(-1).numpy()
    rows = {"standard attention": scores, "separable, same Q and K": numeric.as_float64(separable_weights(Q, K)).numpy()}
    return attention_pictures.matrices(rows)


when_ready("witness or separable_weights", show_witness)

# %% [markdown]
# **Write it down** (s002-3.2c, reasons; read by a person). Which property of $BC^\top$ settles it, and which matrix shows it? At most four
# sentences. (How far from the identity must a matrix of rank $d$ stay, at the least?)

# %% [markdown] answer="s002-3.2c-reasons"
# ### BEGIN SOLUTION
# $BC^\top$ is a product through $d$ columns, so its rank is at most $\min(n, d)$: every row is a mixture of the same $d$ distributions. The
# witness makes standard attention nearly the identity with $d = 2$, which has rank $n$. A matrix of rank $d$ differs from the identity by
# at least $\sqrt{n - d}$ in Frobenius norm, for $n = 10$ and $d = 2$ by 2.83, so separable attention never gets near.
# ### END SOLUTION
