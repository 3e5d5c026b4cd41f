"""
item: s001-2.3.4
cell: s001-2_3_4
caught_by: a_quarter_off_is_optimal
misconception: the run's own size is the measure
explain: You compare the difference with a quarter of N. Agreed is a quarter of the best size N*.
"""

def is_compute_optimal(N, D, m, c):
    if not (N > 0 and D > 0):
        raise ValueError("a run has a positive number of parameters and of tokens")
    C = 6 * N * D
    N_opt = 10 ** (m * math.log10(C) + c)
    optimal = abs(N - N_opt) <= 0.25 * N
    change = "keep" if optimal else "smaller" if N_opt < N else "larger"
    return {"C": C, "N": N, "D": D, "N_opt": N_opt, "D_opt": C / (6 * N_opt), "optimal": optimal, "change": change}
