"""
item: s001-2.3.4
cell: s001-2_3_4
caught_by: small_models_should_be_larger, a_quarter_off_is_optimal
misconception: models are always too large
explain: Your verdict is the same for every run: too large. Compare N with N_opt at the compute of the run.
"""

def is_compute_optimal(N, D, m, c):
    if not (N > 0 and D > 0):
        raise ValueError("a run has a positive number of parameters and of tokens")
    C = 6 * N * D
    N_opt = 10 ** (m * math.log10(C) + c)
    optimal = False
    change = "smaller"
    return {"C": C, "N": N, "D": D, "N_opt": N_opt, "D_opt": C / (6 * N_opt), "optimal": optimal, "change": change}
