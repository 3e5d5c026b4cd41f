"""
item: s001-2.3.3a
cell: s001-2_3_3a
why: the slope as covariance over variance, in plain Python
"""

def fit_linear_log(x, y):
    u, v = [math.log10(a) for a in x], [math.log10(b) for b in y]
    mean_u, mean_v = sum(u) / len(u), sum(v) / len(v)
    m = sum((a - mean_u) * (b - mean_v) for a, b in zip(u, v, strict=True)) / sum((a - mean_u) ** 2 for a in u)
    return [m, mean_v - m * mean_u]
