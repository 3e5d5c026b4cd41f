"""
item: s004-1.02
cell: s004-1_02
why: dividing the queries is dividing the scores; softmax by hand
"""

def mha(X, Wq, Wk, Wv, Wo, H):
    d = X.shape[-1]
    if d // H * H != d:
        raise ValueError

    def split(Y):
        return Y.unflatten(-1, (H, d // H)).permute(0, 2, 1, 3)

    scores = split(X @ Wq / (d / H) ** 0.5).matmul(split(X @ Wk).transpose(2, 3))
    e = (scores - scores.amax(-1, keepdim=True)).exp()
    return (e / e.sum(-1, keepdim=True)).matmul(split(X @ Wv)).permute(0, 2, 1, 3).flatten(2) @ Wo
