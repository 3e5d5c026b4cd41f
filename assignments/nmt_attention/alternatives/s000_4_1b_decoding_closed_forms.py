"""
item: s000-4.1b-decoding
cell: s000-4_1b-decoding
why: uses the sums of t and of t squared in closed form
"""


def decoding_macs(n, h, cached):
    if cached:
        return 3 * n * h**2 + h * n * (n + 1)
    return 3 * h**2 * n * (n + 1) / 2 + h * n * (n + 1) * (2 * n + 1) / 3
