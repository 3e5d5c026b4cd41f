"""
item: s001-2.3.3b
cell: s001-2_3_3b
why: a line whose origin is the target: its intercept is the prediction, with the intercept's own error; torch
"""

def optimal_at(budgets, optima, compute, t=1.0):
    x = torch.as_tensor(budgets, dtype=torch.float64).log10() - math.log10(compute)
    y = torch.as_tensor(optima, dtype=torch.float64).log10()
    A = torch.stack([torch.ones_like(x), x], dim=1)
    inverse = torch.linalg.inv(A.T @ A)
    solution = inverse @ A.T @ y
    variance = ((y - A @ solution) ** 2).sum() / (len(x) - 2)
    error = (variance * inverse[0, 0]).sqrt()
    return 10.0 ** (solution[0] + torch.tensor([0.0, -t, t], dtype=torch.float64) * error)


size = optimal_at(*optima, 1e15, t=3.182)
at_1e15 = {"N": size[0], "low": size[1], "high": size[2], "D": 1e15 / 6 / size[0]}
