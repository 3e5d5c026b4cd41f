"""
item: s001-2.3.4
cell: s001-2_3_4
why: judged by the tokens: at fixed compute the ratio of tokens is the inverse ratio of sizes
"""

def is_compute_optimal(N, D, m, c):
    if min(N, D) <= 0:
        raise ValueError("nothing to judge")
    C = 6.0 * N * D
    N_opt = 10**c * C**m
    D_opt = C / 6 / N_opt
    ratio = D_opt / D
    if ratio > 1.25:
        optimal, change = False, "smaller"
    elif ratio < 0.75:
        optimal, change = False, "larger"
    else:
        optimal, change = True, "keep"
    return {"C": C, "D": D, "N": N, "N_opt": N_opt, "D_opt": D_opt, "optimal": optimal, "change": change}
