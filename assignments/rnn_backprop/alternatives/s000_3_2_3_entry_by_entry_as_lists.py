"""
item: s000-3.2.3
cell: s000-3_2_3
why: one number per weight, in nested lists
"""

def dJt_dWhh(gh, h):
    steps, size = gh.shape
    return [[sum(float(gh[k, a] * h[k, b]) for k in range(steps)) for b in range(size)] for a in range(size)]
