# %% einsum_all_the_way
"""einsum for projections and weights"""
def additive_scores(Q, K, Wq, Wk, w):
    queries, keys = torch.einsum("ia,ah->ih", Q, Wq), torch.einsum("jb,bh->jh", K, Wk)
    return torch.einsum("ijh,h->ij", (queries.unsqueeze(1) + keys.unsqueeze(0)).tanh(), w)


# %% loop_over_all_pairs
"""one pair after the other"""
def additive_scores(Q, K, Wq, Wk, w):
    rows = [torch.stack([w @ torch.tanh(q @ Wq + k @ Wk) for k in K]) for q in Q]
    return torch.stack(rows)


# %% one_pair_vectorised_by_vmap
"""the score of one pair, vectorised"""
def additive_scores(Q, K, Wq, Wk, w):
    def one(q, k):
        return torch.dot(w, torch.tanh(q @ Wq + k @ Wk))
    return torch.vmap(torch.vmap(one, (None, 0)), (0, None))(Q, K)


# %% pairs_put_side_by_side
"""one matrix on queries and keys side by side is the same as two matrices added"""
def additive_scores(Q, K, Wq, Wk, w):
    nq, nk = len(Q), len(K)
    pairs = torch.cat([Q[:, None].expand(nq, nk, -1), K[None].expand(nq, nk, -1)], dim=-1)
    return (torch.tanh(pairs @ torch.cat([Wq, Wk])) * w).sum(-1)


# %% query_by_query
"""a loop over queries, F.linear"""
def additive_scores(Q, K, Wq, Wk, w):
    keys = nn.functional.linear(K, Wk.T)
    return torch.stack([torch.mv(torch.tanh(keys + q), w) for q in nn.functional.linear(Q, Wq.T)])


# %% sum_of_products
"""a product with w and a sum"""
def additive_scores(Q, K, Wq, Wk, w):
    a, b = Q.matmul(Wq), K.matmul(Wk)
    return (w * (a.unsqueeze(-2) + b.unsqueeze(-3)).tanh()).sum(-1)


# %% tanh_from_a_sigmoid
"""tanh(a) is 2 sigmoid(2a) - 1"""
def additive_scores(Q, K, Wq, Wk, w):
    return (2 * torch.sigmoid(2 * ((Q @ Wq)[:, None, :] + (K @ Wk)[None, :, :])) - 1) @ w
