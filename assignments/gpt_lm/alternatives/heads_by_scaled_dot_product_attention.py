"""
item: s004-1.02
cell: s004-1_02
why: PyTorch's own attention for one head, with heads as a batch axis
"""

def mha(X, Wq, Wk, Wv, Wo, H):
    if X.size(-1) % H:
        raise ValueError("uneven")
    q, k, v = (torch.stack((X @ W).chunk(H, dim=-1), dim=1) for W in (Wq, Wk, Wv))
    heads = F.scaled_dot_product_attention(q, k, v)
    return torch.cat(heads.unbind(1), dim=-1) @ Wo
