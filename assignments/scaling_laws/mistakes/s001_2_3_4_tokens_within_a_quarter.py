"""
item: s001-2.3.4
cell: s001-2_3_4
caught_by: a_quarter_off_is_optimal
misconception: tokens within a quarter are sizes within a quarter
explain: You ask whether the tokens are within a quarter of the best ones. At equal compute D / D* is N* /
  N, so the limits for N become 0.8 and 1.33.
"""

def is_compute_optimal(N, D, m, c):
    if not (N > 0 and D > 0):
        raise ValueError("a run has a positive number of parameters and of tokens")
    C = 6 * N * D
    N_opt = 10 ** (m * math.log10(C) + c)
    optimal = 0.75 <= D / (C / (6 * N_opt)) <= 1.25
    change = "keep" if optimal else "smaller" if N_opt < N else "larger"
    return {"C": C, "N": N, "D": D, "N_opt": N_opt, "D_opt": C / (6 * N_opt), "optimal": optimal, "change": change}
