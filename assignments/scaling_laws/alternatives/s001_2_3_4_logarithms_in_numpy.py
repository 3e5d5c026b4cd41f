"""
item: s001-2.3.4
cell: s001-2_3_4
why: numpy numbers and flags, everything in logarithms, further keys
"""

def is_compute_optimal(N, D, m, c):
    if N <= 0 or D <= 0:
        raise ValueError("N and D must be above zero")
    u, v = np.log10(float(N)), np.log10(float(D))
    w = u + v + np.log10(6.0)
    best = m * w + c
    off = 10 ** (u - best) - 1
    change = {-1.0: "larger", 0.0: "keep", 1.0: "smaller"}[float(np.sign(off) * (abs(off) > 0.25))]
    return {
        "C": 10**w, "N": N, "D": D, "N_opt": 10**best, "D_opt": 10 ** (u + v - best), "optimal": np.abs(off) <= 0.25,
        "change": change, "ratio": 1 + off,
    }
