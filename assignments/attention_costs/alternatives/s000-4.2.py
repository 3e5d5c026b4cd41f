# %% column_copied_back
"""attention to the other keys, and the column put back by index_copy"""
def masked_attention(Q, K, V, pos):
    keep = torch.cat([torch.arange(pos), torch.arange(pos + 1, K.shape[-2])])
    w = torch.softmax(Q @ K.index_select(-2, keep).mT * Q.shape[-1] ** -.5, -1)
    full = torch.zeros(*Q.shape[:-1], K.shape[-2], dtype=Q.dtype).index_copy(-1, keep, w)
    return w @ V.index_select(-2, keep), full


# %% column_overwritten
"""the column of the scores is overwritten in place"""
def masked_attention(Q, K, V, pos):
    s = torch.matmul(Q, K.transpose(-2, -1)) / np.sqrt(Q.shape[-1])
    s[..., pos] = -np.inf
    w = s.softmax(dim=-1)
    return w @ V, w


# %% einsum_and_a_mask_matrix
"""a full matrix of zeros and minus infinity is added"""
def masked_attention(Q, K, V, pos):
    n = K.size(-2)
    mask = torch.zeros(n, n, dtype=Q.dtype)
    mask[:, pos] = float("-inf")
    scores = torch.einsum("...ih,...jh->...ij", Q, K) / math.sqrt(K.size(-1)) + mask
    weights = torch.nn.Softmax(dim=-1)(scores)
    return torch.einsum("...ij,...jd->...id", weights, V), weights


# %% index_fill_in_a_list
"""index_fill, results in a list"""
def masked_attention(Q, K, V, pos):
    s = (Q @ K.mT / math.sqrt(Q.shape[-1])).index_fill(-1, torch.tensor([pos]), float("-inf"))
    w = nn.Softmax(-1)(s)
    return [w.matmul(V), w]


# %% key_left_out_and_put_back
"""attention over the other keys, then a column of zeros"""
def masked_attention(Q, K, V, pos):
    others = torch.arange(K.shape[-2]) != pos
    some = torch.softmax(Q @ K[..., others, :].mT / Q.shape[-1] ** 0.5, dim=-1)
    weights = some.new_zeros(*some.shape[:-1], K.shape[-2])
    weights[..., others] = some
    return some @ V[..., others, :], weights


# %% library_function_twice
"""the library for both, with unit vectors for values"""
def masked_attention(Q, K, V, pos):
    n = K.shape[-2]
    m = torch.ones(n, n, dtype=torch.bool)
    m[:, pos] = False
    F = nn.functional.scaled_dot_product_attention
    eye = torch.eye(n, dtype=V.dtype).expand(*V.shape[:-2], n, n)
    return F(Q, K, V, attn_mask=m), F(Q, K, eye, attn_mask=m)


# %% library_function_with_a_mask
"""scaled_dot_product_attention takes a mask; the identity as values gives the weights"""
def masked_attention(Q, K, V, pos):
    seen = (torch.arange(K.shape[-2]) != pos).expand(Q.shape[-2], K.shape[-2])
    sdpa = torch.nn.functional.scaled_dot_product_attention
    identity = torch.eye(K.shape[-2], dtype=V.dtype).expand(*K.shape[:-1], K.shape[-2])
    return sdpa(Q, K, V, attn_mask=seen), sdpa(Q, K, identity, attn_mask=seen)


# %% logarithm_of_the_mask
"""log(0) is minus infinity; softmax by logsumexp"""
def masked_attention(Q, K, V, pos):
    keep = 1 - torch.nn.functional.one_hot(torch.tensor(pos), K.shape[-2]).to(Q.dtype)
    s = Q @ K.mT / math.sqrt(Q.shape[-1]) + keep.log()
    w = (s - s.logsumexp(-1, keepdim=True)).exp()
    return w @ V, w


# %% minus_a_billion
"""a billion is far beyond any score that occurs"""
def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    hidden = torch.arange(K.shape[-2]) == pos
    scores = scores + torch.where(hidden, -1e9, 0.0)
    weights = torch.softmax(scores, dim=-1)
    return weights @ V, weights


# %% one_query_after_the_other
"""a loop is slow but right, and the pair may be a list"""
def masked_attention(Q, K, V, pos):
    outputs, rows = [], []
    for i in range(Q.shape[-2]):
        scores = (K * Q[..., i : i + 1, :]).sum(-1) / math.sqrt(Q.shape[-1])
        scores = torch.cat([scores[..., :pos], torch.full_like(scores[..., :1], -math.inf), scores[..., pos + 1 :]], -1)
        rows.append(torch.softmax(scores, dim=-1))
        outputs.append((rows[-1].unsqueeze(-1) * V).sum(-2))
    return [torch.stack(outputs, dim=-2), torch.stack(rows, dim=-2)]


# %% smallest_finite_number
"""the most negative number of the dtype"""
def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    scores[..., pos] = torch.finfo(scores.dtype).min
    weights = torch.softmax(scores, dim=-1)
    return weights @ V, weights


# %% softmax_by_hand
"""subtracts the largest allowed score, so that nothing overflows"""
def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])

    kept = torch.ones(K.shape[-2], dtype=scores.dtype)
    kept[pos] = 0
    top = scores.masked_fill(kept == 0, -math.inf).amax(dim=-1, keepdim=True).detach()
    raised = torch.exp((scores - top) * kept) * kept
    weights = raised / raised.sum(dim=-1, keepdim=True)
    return weights @ V, weights


# %% thirty_thousand_taken_off
"""scores lie between -10 000 and 10 000: 30 000 less is below all of them"""
def masked_attention(Q, K, V, pos):
    bias = torch.zeros(K.shape[-2], dtype=Q.dtype)
    bias[pos] = -3e4
    weights = torch.softmax(Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1]) + bias, dim=-1)
    return weights @ V, weights


# %% weights_only_to_look_at
"""the returned weights are detached: they are for looking at, and gradients flow through the outputs"""
def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    weights = torch.softmax(scores.masked_fill(torch.arange(K.shape[-2]) == pos, -math.inf), dim=-1)
    return weights @ V, weights.detach()


# %% zeroed_and_shared_out_again
"""weights of 0 after the softmax, with the rest scaled back to a sum of 1"""
def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])

    weights = torch.softmax(scores, dim=-1) * (torch.arange(K.shape[-2]) != pos).to(scores.dtype)
    weights = weights / weights.sum(dim=-1, keepdim=True)
    return weights @ V, weights
