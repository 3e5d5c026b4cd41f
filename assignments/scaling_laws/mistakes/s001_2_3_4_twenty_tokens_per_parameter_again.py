"""
item: s001-2.3.4
cell: s001-2_3_4
caught_by: best_tokens_use_up_the_compute
misconception: tokens are twenty times the parameters
explain: You take twenty tokens per parameter. The tokens follow from the compute and the best size.
"""

def is_compute_optimal(N, D, m, c):
    if not (N > 0 and D > 0):
        raise ValueError("a run has a positive number of parameters and of tokens")
    C = 6 * N * D
    N_opt = 10 ** (m * math.log10(C) + c)
    optimal = 0.75 <= N / N_opt <= 1.25
    change = "keep" if optimal else "smaller" if N_opt < N else "larger"
    return {"C": C, "N": N, "D": D, "N_opt": N_opt, "D_opt": 20 * N_opt, "optimal": optimal, "change": change}
