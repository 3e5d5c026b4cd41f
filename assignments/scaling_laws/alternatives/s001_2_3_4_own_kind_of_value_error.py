"""
item: s001-2.3.4
cell: s001-2_3_4
why: an error class of one's own is a ValueError too
"""

class Impossible(ValueError):
    pass


def is_compute_optimal(N, D, m, c):
    if not (N > 0 and D > 0):
        raise Impossible("a run has a positive number of parameters and of tokens")
    C = 6 * N * D
    N_opt = 10 ** (m * math.log10(C) + c)
    optimal = 0.75 <= N / N_opt <= 1.25
    change = "keep" if optimal else "smaller" if N_opt < N else "larger"
    return {"C": C, "N": N, "D": D, "N_opt": N_opt, "D_opt": C / (6 * N_opt), "optimal": optimal, "change": change}
