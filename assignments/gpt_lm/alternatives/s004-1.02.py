# %% heads_added_up_through_their_rows_of_wo
"""each head meets its own rows of Wo, and the results are added"""
def mha(X, Wq, Wk, Wv, Wo, H):
    _b, _n, d = X.shape
    if d % H:
        raise ValueError("no")
    out = 0
    w = d // H
    for h in range(H):
        c = slice(h * w, (h + 1) * w)
        q, k, v = X @ Wq[:, c], X @ Wk[:, c], X @ Wv[:, c]
        out = out + torch.softmax(q @ k.mT / math.sqrt(w), -1) @ v @ Wo[c]
    return out


# %% heads_by_scaled_dot_product_attention
"""PyTorch's own attention for one head, with heads as a batch axis"""
def mha(X, Wq, Wk, Wv, Wo, H):
    if X.size(-1) % H:
        raise ValueError("uneven")
    q, k, v = (torch.stack((X @ W).chunk(H, dim=-1), dim=1) for W in (Wq, Wk, Wv))
    heads = F.scaled_dot_product_attention(q, k, v)
    return torch.cat(heads.unbind(1), dim=-1) @ Wo


# %% heads_from_one_packed_product
"""queries, keys and values by one product with the three matrices side by side"""
def mha(X, Wq, Wk, Wv, Wo, H):
    b, n, d = X.shape
    if d % H:
        raise ValueError("no")
    qkv = (X @ torch.cat([Wq, Wk, Wv], 1)).reshape(b, n, 3, H, d // H).permute(2, 0, 3, 1, 4)
    q, k, v = qkv
    return torch.einsum("bhnm,bhmc->bnhc", (q @ k.mT / (d / H) ** 0.5).softmax(-1), v).flatten(-2) @ Wo


# %% heads_one_head_after_the_other
"""a loop over heads does the same as a batch axis"""
def mha(X, Wq, Wk, Wv, Wo, H):
    d = X.shape[-1]
    if d % H != 0:
        raise ValueError("uneven")
    w, parts = d // H, []
    for h in range(H):
        c = slice(h * w, (h + 1) * w)
        q, k, v = X @ Wq[:, c], X @ Wk[:, c], X @ Wv[:, c]
        parts.append(torch.softmax(q @ k.mT * w**-0.5, dim=-1) @ v)
    return torch.cat(parts, dim=-1) @ Wo


# %% heads_queries_scaled_first
"""dividing the queries is dividing the scores; softmax by hand"""
def mha(X, Wq, Wk, Wv, Wo, H):
    d = X.shape[-1]
    if d // H * H != d:
        raise ValueError

    def split(Y):
        return Y.unflatten(-1, (H, d // H)).permute(0, 2, 1, 3)

    scores = split(X @ Wq / (d / H) ** 0.5).matmul(split(X @ Wk).transpose(2, 3))
    e = (scores - scores.amax(-1, keepdim=True)).exp()
    return (e / e.sum(-1, keepdim=True)).matmul(split(X @ Wv)).permute(0, 2, 1, 3).flatten(2) @ Wo


# %% heads_with_einsum
"""einsum names the axes; Wo is applied head by head and summed"""
def mha(X, Wq, Wk, Wv, Wo, H):
    d = X.size(2)
    if d % H:
        raise ValueError("uneven")
    q, k, v = (torch.einsum("bnd,dhw->bhnw", X, W.reshape(d, H, d // H)) for W in (Wq, Wk, Wv))
    p = torch.einsum("bhiw,bhjw->bhij", q, k).div(math.sqrt(d / H)).softmax(-1)
    return torch.einsum("bhij,bhjw,hwo->bio", p, v, Wo.reshape(H, d // H, d))
