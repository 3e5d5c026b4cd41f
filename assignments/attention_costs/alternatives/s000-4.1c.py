# %% bmm_over_flattened_axes
"""leading axes are flattened for bmm"""
def attention(Q, K, V):
    lead = Q.shape[:-2]
    q, k, v = (x.reshape(-1, *x.shape[-2:]) for x in (Q, K, V))
    s = torch.bmm(q, k.transpose(1, 2)).mul_(q.size(-1) ** -0.5)
    return torch.bmm(nn.functional.softmax(s, dim=2), v).reshape(*lead, Q.shape[-2], V.shape[-1])


# %% einsum_over_named_axes
"""einsum says the same"""
def attention(Q, K, V):
    scores = torch.einsum("...nh,...mh->...nm", Q, K) * Q.shape[-1] ** -0.5
    return torch.einsum("...nm,...md->...nd", scores.softmax(-1), V)


# %% keys_in_two_halves
"""keys in two halves, put together as flash attention does"""
def attention(Q, K, V):
    m = (K.shape[-2] + 1) // 2
    s = Q @ K.mT / math.sqrt(Q.shape[-1])
    a, b = s[..., :m], s[..., m:]
    top = s.amax(-1, keepdim=True)
    ea, eb = (a - top).exp(), (b - top).exp()
    return (ea @ V[..., :m, :] + eb @ V[..., m:, :]) / (ea.sum(-1, keepdim=True) + eb.sum(-1, keepdim=True))


# %% library_function
"""torch has it built in"""
def attention(Q, K, V):
    return torch.nn.functional.scaled_dot_product_attention(Q, K, V)


# %% logsumexp_by_hand
"""the softmax from its logarithm"""
def attention(Q, K, V):
    scores = torch.matmul(Q / math.sqrt(Q.size(-1)), K.transpose(-2, -1))
    return (scores - scores.logsumexp(dim=-1, keepdim=True)).exp() @ V


# %% one_query_vectorised_by_vmap
"""written for one query, mapped over all of them in one go"""
def attention(Q, K, V):
    def one(query, keys, values):
        shares = torch.softmax((keys * query).sum(-1) / math.sqrt(keys.shape[-1]), dim=0)
        return (shares[:, None] * values).sum(0)

    flat = [part.reshape(-1, *part.shape[-2:]) for part in (Q, K, V)]
    queries = torch.vmap(one, in_dims=(0, None, None))
    return torch.vmap(queries)(*flat).reshape(*Q.shape[:-1], V.shape[-1])


# %% one_sequence_after_the_other
"""a loop over the leading axes, none over tokens"""
def attention(Q, K, V):
    if Q.dim() > 2:
        return torch.stack([attention(q, k, v) for q, k, v in zip(Q, K, V, strict=False)])
    return torch.softmax(Q.mm(K.t()) / Q.shape[1] ** 0.5, dim=1).mm(V)


# %% pairs_by_broadcasting
"""products of all pairs by broadcasting, then sums"""
def attention(Q, K, V):
    products = Q.unsqueeze(-2) * K.unsqueeze(-3)
    shares = torch.nn.functional.softmax(products.sum(-1) / Q.shape[-1] ** 0.5, dim=-1)
    return (shares.unsqueeze(-1) * V.unsqueeze(-3)).sum(-2)


# %% transposed_layout
"""scores with keys in rows, softmax over that axis"""
def attention(Q, K, V):
    scores = K @ Q.mT / math.sqrt(K.shape[-1])
    return torch.softmax(scores, dim=-2).mT @ V
