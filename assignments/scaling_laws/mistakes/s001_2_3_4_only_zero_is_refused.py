"""
item: s001-2.3.4
cell: s001-2_3_4
caught_by: runs_without_size_or_tokens_are_refused
misconception: zero is the only nonsense
explain: You refuse zero but not negative numbers.
"""

def is_compute_optimal(N, D, m, c):
    if N == 0 or D == 0:
        raise ValueError("a run has a positive number of parameters and of tokens")
    N, D = abs(N), abs(D)
    C = 6 * N * D
    N_opt = 10 ** (m * math.log10(C) + c)
    optimal = 0.75 <= N / N_opt <= 1.25
    change = "keep" if optimal else "smaller" if N_opt < N else "larger"
    return {"C": C, "N": N, "D": D, "N_opt": N_opt, "D_opt": C / (6 * N_opt), "optimal": optimal, "change": change}
