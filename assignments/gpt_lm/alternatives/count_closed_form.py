"""
item: s000-5.1.9a-count
cell: s000-5_1_9a-count
why: 12 d^2 + 13 d for a block
"""

def count_params(cfg, head=False):
    d = cfg["d"]
    return cfg["layers"] * (12 * d**2 + 13 * d) + d * (cfg["vocab"] * (2 if head else 1) + cfg["context"] + 2)
