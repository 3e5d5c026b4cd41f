"""
item: s001-2.3.4
cell: s001-2_3_4
caught_by: a_quarter_off_is_optimal
misconception: a quarter less is divided by 1.25
explain: Your lower limit is 1 / 1.25 = 0.8. Agreed is 0.75 <= N / N* <= 1.25.
"""

def is_compute_optimal(N, D, m, c):
    if not (N > 0 and D > 0):
        raise ValueError("a run has a positive number of parameters and of tokens")
    C = 6 * N * D
    N_opt = 10 ** (m * math.log10(C) + c)
    optimal = 1 / 1.25 <= N / N_opt <= 1.25
    change = "keep" if optimal else "smaller" if N_opt < N else "larger"
    return {"C": C, "N": N, "D": D, "N_opt": N_opt, "D_opt": C / (6 * N_opt), "optimal": optimal, "change": change}
