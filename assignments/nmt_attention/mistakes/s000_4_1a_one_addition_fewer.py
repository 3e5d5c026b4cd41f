"""
item: s000-4.1a
cell: s000-4_1a
caught_by: scores_counted_per_pair, projections_counted_per_token
misconception: h products need h - 1 additions
explain: You count h - 1 additions per dot product. The unit here is the MAC, a product whose result is added to
  a running sum: h of them.
"""


def macs(n, h):
    c = {"proj": 3*n*h*(h-1), "scores": n*n*(h-1), "softmax": n*n, "values": n*(n-1)*h}
    return {**c, "total": sum(c.values())}
