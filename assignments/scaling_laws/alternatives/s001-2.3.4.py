# %% by_the_tokens
"""judged by the tokens: at fixed compute the ratio of tokens is the inverse ratio of sizes"""
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


# %% logarithms_in_numpy
"""numpy numbers and flags, everything in logarithms, further keys"""
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


# %% logarithms_refuse_by_themselves
"""math.log10 raises the ValueError, and the verdict follows from the change"""
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


# %% own_kind_of_value_error
"""an error class of one's own is a ValueError too"""
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


# %% tensors_inside
"""the arithmetic in torch; results as tensors of one element"""
def is_compute_optimal(N, D, m, c):
    size, tokens = (torch.tensor(float(value), dtype=torch.float64) for value in (N, D))
    if bool((size <= 0) | (tokens <= 0)):
        raise ValueError("a run needs parameters and tokens")
    compute = 6 * size * tokens
    best = 10 ** (m * torch.log10(compute) + c)
    optimal = bool((size - best).abs() <= 0.25 * best)
    change = "keep" if optimal else ("larger", "smaller")[int(size > best)]
    return {
        "C": compute, "N": size, "D": tokens, "N_opt": best, "D_opt": size * tokens / best, "optimal": optimal,
        "change": change,
    }


# %% whole_numbers
"""numbers of parameters and of tokens may well be reported as whole numbers"""
def is_compute_optimal(N, D, m, c):
    if N <= 0 or D <= 0:
        raise ValueError("a run has a positive number of parameters and of tokens")
    C = 6 * N * D
    N_opt = 10 ** (m * math.log10(C) + c)
    optimal = 0.75 <= N / N_opt <= 1.25
    change = "keep" if optimal else "smaller" if N_opt < N else "larger"
    D_opt, N_opt = round(C / (6 * N_opt)), round(N_opt)
    return {"C": C, "N": N, "D": D, "N_opt": N_opt, "D_opt": D_opt, "optimal": optimal, "change": change}
