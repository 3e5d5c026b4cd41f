"""
item: s001-2.3.4
cell: s001-2_3_4
why: numbers of parameters and of tokens may well be reported as whole numbers
"""

def is_compute_optimal(N, D, m, c):
    if N <= 0 or D <= 0:
        raise ValueError("a run has a positive number of parameters and of tokens")
    C = 6 * N * D
    N_opt = 10 ** (m * math.log10(C) + c)
    optimal = 0.75 <= N / N_opt <= 1.25
    change = "keep" if optimal else "smaller" if N_opt < N else "larger"
    D_opt, N_opt = round(C / (6 * N_opt)), round(N_opt)
    return {"C": C, "N": N, "D": D, "N_opt": N_opt, "D_opt": D_opt, "optimal": optimal, "change": change}
