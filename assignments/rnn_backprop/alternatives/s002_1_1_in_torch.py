"""
item: s002-1.1
cell: s002-1_1
why: computes with torch tensors of the same precision
"""


def g_from_h(h, sigma):
    return sigma(h)


def run_h(W, U, b, xs, h0, sigma):
    W, U, b, xs, h = (torch.tensor(a) for a in (W, U, b, xs, h0))
    rows = []
    for x in xs:
        h = W @ torch.as_tensor(sigma(h)) + U @ x + b
        rows.append(h)
    return torch.stack(rows)
