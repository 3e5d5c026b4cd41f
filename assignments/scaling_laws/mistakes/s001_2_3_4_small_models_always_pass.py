"""
item: s001-2.3.4
cell: s001-2_3_4
caught_by: small_models_should_be_larger
misconception: only a model that is too large wastes compute
explain: You accept every model below the best size. A model that is too small wastes compute as well: on tokens
  that it has no room for.
"""

def is_compute_optimal(N, D, m, c):
    if not (N > 0 and D > 0):
        raise ValueError("a run has a positive number of parameters and of tokens")
    C = 6 * N * D
    N_opt = 10 ** (m * math.log10(C) + c)
    optimal = N / N_opt <= 1.25
    change = "keep" if optimal else "smaller" if N_opt < N else "larger"
    return {"C": C, "N": N, "D": D, "N_opt": N_opt, "D_opt": C / (6 * N_opt), "optimal": optimal, "change": change}
