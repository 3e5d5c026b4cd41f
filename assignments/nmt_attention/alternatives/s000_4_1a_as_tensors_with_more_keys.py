"""
item: s000-4.1a
cell: s000-4_1a
why: numbers may be tensors, and further keys do no harm
"""


def macs(n, h):
    n, h = torch.tensor(n, dtype=torch.float64), torch.tensor(h, dtype=torch.float64)
    parts = {"proj": 3 * n * h**2, "scores": n**2 * h, "softmax": 2 * n**2, "values": n**2 * h}
    return {**parts, "total": sum(parts.values()), "share": parts["scores"] / parts["proj"]}
