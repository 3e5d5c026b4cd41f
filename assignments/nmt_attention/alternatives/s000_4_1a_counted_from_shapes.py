"""
item: s000-4.1a
cell: s000-4_1a
why: counts each product from the shapes of its factors
"""


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
