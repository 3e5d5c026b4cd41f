"""
item: s000-5.1.9b
cell: s000-5_1_9b
why: an array, exponentials of two columns
"""

def perplexity_log(log):
    import numpy as np

    table = np.array([list(row) for row in log], dtype=np.float64)
    table[:, 1:] = np.exp(table[:, 1:])
    return table
