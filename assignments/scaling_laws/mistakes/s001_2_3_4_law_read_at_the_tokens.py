"""
item: s001-2.3.4
cell: s001-2_3_4
caught_by: best_size_is_that_of_the_same_compute
misconception: the law maps tokens to sizes
explain: You put the tokens of the run into the line. The line gives the best size at a compute.
"""

def is_compute_optimal(N, D, m, c):
    if not (N > 0 and D > 0):
        raise ValueError("a run has a positive number of parameters and of tokens")
    C = 6 * N * D
    N_opt = 10 ** (m * math.log10(D) + c)
    optimal = 0.75 <= N / N_opt <= 1.25
    change = "keep" if optimal else "smaller" if N_opt < N else "larger"
    return {"C": C, "N": N, "D": D, "N_opt": N_opt, "D_opt": C / (6 * N_opt), "optimal": optimal, "change": change}
