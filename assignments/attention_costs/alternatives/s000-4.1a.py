# %% as_tensors_with_more_keys
"""numbers may be tensors, and further keys do no harm"""
def macs(n, h):
    n, h = torch.tensor(n, dtype=torch.float64), torch.tensor(h, dtype=torch.float64)
    parts = {"proj": 3 * n * h**2, "scores": n**2 * h, "softmax": 2 * n**2, "values": n**2 * h}
    return {**parts, "total": sum(parts.values()), "share": parts["scores"] / parts["proj"]}


# %% counted_by_the_library
"""FLOPs counted by torch on tensors without data, halved"""
def macs(n, h):
    from torch.utils.flop_counter import FlopCounterMode
    def count(f):
        with FlopCounterMode(display=False) as m:
            f()
        return m.get_total_flops() // 2
    X, W = torch.empty(n, h, device="meta"), torch.empty(h, h, device="meta")
    A = torch.empty(n, n, device="meta")
    c = {"proj": 3 * count(lambda: X @ W), "scores": count(lambda: X @ X.T), "softmax": 0, "values": count(lambda: A @ X)}
    return {**c, "total": sum(c.values())}


# %% counted_from_shapes
"""counts each product from the shapes of its factors"""
def macs(n, h):
    def product(a, b, c):
        return float(a * b * c)

    counts = {
        "proj": sum(product(n, h, h) for _ in "QKV"),
        "scores": product(n, h, n),
        "values": product(n, n, h),
        "softmax": 3.0 * n**2,
    }
    counts["total"] = counts["proj"] + counts["scores"] + counts["values"] + counts["softmax"]
    return counts


# %% softmax_costs_nothing
"""the constant of the softmax may be 0"""
def macs(n, h):
    parts = {"proj": 3 * n * h * h, "scores": n * n * h, "softmax": 0, "values": n * n * h}
    return {**parts, "total": sum(parts.values())}


# %% softmax_five_per_score
"""any constant per score is allowed, also a broken one"""
def macs(n, h):
    parts = {"proj": 3 * n * h * h, "scores": n * n * h, "softmax": 5.5 * n * n, "values": n * n * h}
    return {**parts, "total": sum(parts.values())}


# %% softmax_thirty_per_score
"""an exponential may be dear"""
def macs(n, h):
    c = {"proj": 3*n*h*h, "scores": n*n*h, "softmax": 30*n*n, "values": n*n*h}
    return {**c, "total": sum(c.values())}
