"""
item: s000-4.1a
cell: s000-4_1a
why: an exponential may be dear
"""


def macs(n, h):
    c = {"proj": 3*n*h*h, "scores": n*n*h, "softmax": 30*n*n, "values": n*n*h}
    return {**c, "total": sum(c.values())}
