"""
item: s001-2.3.4
cell: s001-2_3_4
why: math.log10 raises the ValueError, and the verdict follows from the change
"""

def is_compute_optimal(N, D, m, c):
    compute = 10 ** (math.log10(6) + math.log10(N) + math.log10(D))  # raises ValueError outside of its domain
    best = 10 ** (m * math.log10(compute) + c)
    off = N / best
    change = "keep"
    if off < 0.75:
        change = "larger"
    if off > 1.25:
        change = "smaller"
    return {
        "C": 6 * N * D, "N": N, "D": D, "N_opt": best, "D_opt": N * D / best, "optimal": change == "keep",
        "change": change,
    }
