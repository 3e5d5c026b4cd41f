"""
item: s001-2.3.3a
cell: s001-2_3_3a
caught_by: line_takes_lists_and_arrays
misconception: torch keeps the precision of Python numbers
explain: You make a tensor of the list that you get. That is float32, or integers whose logarithm is float32.
"""

def fit_linear_log(x, y):
    u, v = torch.tensor(x).log10(), torch.tensor(y).log10()
    m = ((u - u.mean()) * (v - v.mean())).sum() / (u - u.mean()).square().sum()
    return m, v.mean() - m * u.mean()
