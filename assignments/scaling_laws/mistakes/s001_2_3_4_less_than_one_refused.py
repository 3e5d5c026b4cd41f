"""
item: s001-2.3.4
cell: s001-2_3_4
caught_by: runs_without_size_or_tokens_are_refused
misconception: above 0 means at least 1
explain: You refuse everything below 1. Sizes and tokens may come in millions; only what is not above 0 is no run.
"""

def is_compute_optimal(N, D, m, c):
    if N < 1 or D < 1:
        raise ValueError("a run has a positive number of parameters and of tokens")
    C = 6 * N * D
    N_opt = 10 ** (m * math.log10(C) + c)
    optimal = 0.75 <= N / N_opt <= 1.25
    change = "keep" if optimal else "smaller" if N_opt < N else "larger"
    D_opt = C / (6 * N_opt)
    return {"C": C, "N": N, "D": D, "N_opt": N_opt, "D_opt": D_opt, "optimal": optimal, "change": change}
