"""
item: s001-2.3.4
cell: s001-2_3_4
why: the arithmetic in torch; results as tensors of one element
"""

def is_compute_optimal(N, D, m, c):
    size, tokens = (torch.tensor(float(value), dtype=torch.float64) for value in (N, D))
    if bool((size <= 0) | (tokens <= 0)):
        raise ValueError("a run needs parameters and tokens")
    compute = 6 * size * tokens
    best = 10 ** (m * torch.log10(compute) + c)
    optimal = bool((size - best).abs() <= 0.25 * best)
    change = "keep" if optimal else ("larger", "smaller")[int(size > best)]
    return {
        "C": compute, "N": size, "D": tokens, "N_opt": best, "D_opt": size * tokens / best, "optimal": optimal,
        "change": change,
    }
