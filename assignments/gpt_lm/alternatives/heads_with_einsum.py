"""
item: s004-1.02
cell: s004-1_02
why: einsum names the axes; Wo is applied head by head and summed
"""

def mha(X, Wq, Wk, Wv, Wo, H):
    d = X.size(2)
    if d % H:
        raise ValueError("uneven")
    q, k, v = (torch.einsum("bnd,dhw->bhnw", X, W.reshape(d, H, d // H)) for W in (Wq, Wk, Wv))
    p = torch.einsum("bhiw,bhjw->bhij", q, k).div(math.sqrt(d / H)).softmax(-1)
    return torch.einsum("bhij,bhjw,hwo->bio", p, v, Wo.reshape(H, d // H, d))
