"""
item: s001-2.3.2
cell: s001-2_3_2
caught_by: lists_arrays_and_any_order
misconception: torch keeps the precision of Python numbers
explain: You make a tensor of the list that you get. That is float32, and in a flat valley the
  lowest point is lost in it.
"""

def find_optimal_params(n_params, losses):
    u, y = torch.log10(torch.tensor(n_params)), torch.tensor(losses)
    middle = u.mean()
    v = u - middle
    a, b, c = torch.linalg.lstsq(torch.stack([v**2, v, torch.ones_like(v)], 1), y[:, None].to(v.dtype)).solution[:, 0]
    if a <= 0:
        raise ValueError("no lowest point")
    return [a, b - 2 * a * middle, a * middle**2 - b * middle + c], 10 ** (middle - b / (2 * a))
