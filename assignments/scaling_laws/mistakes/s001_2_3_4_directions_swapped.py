"""
item: s001-2.3.4
cell: s001-2_3_4
caught_by: large_models_should_be_smaller, small_models_should_be_larger
misconception: a large model should grow
explain: Your directions are the wrong way round: a model above the best size should be smaller.
"""

def is_compute_optimal(N, D, m, c):
    if not (N > 0 and D > 0):
        raise ValueError("a run has a positive number of parameters and of tokens")
    C = 6 * N * D
    N_opt = 10 ** (m * math.log10(C) + c)
    optimal = 0.75 <= N / N_opt <= 1.25
    change = "keep" if optimal else "smaller" if N_opt > N else "larger"
    return {"C": C, "N": N, "D": D, "N_opt": N_opt, "D_opt": C / (6 * N_opt), "optimal": optimal, "change": change}
