# %% flops_have_the_same_slope
"""a constant factor moves the line but does not turn it"""
import numpy as np

def loglog_slope(h, ns):
    n = np.asarray(ns, dtype=float)
    flops = 6 * n * h**2 + 4 * n**2 * h + 5 * n**2
    return np.diff(np.log(flops)) / np.diff(np.log(n))


# %% formula_instead_of_macs
"""counts the products directly and leaves the softmax out"""
def loglog_slope(h, ns):
    n = torch.tensor(ns, dtype=torch.float64)
    cost = 3 * n * h**2 + 2 * n**2 * h
    return torch.diff(torch.log(cost)) / torch.diff(torch.log(n))


# %% from_end_to_end
"""one slope, between the first and the last length"""
def loglog_slope(h, ns):
    first, last = (macs(n, h)["total"] for n in (ns[0], ns[-1]))
    return math.log2(last / first) / math.log2(ns[-1] / ns[0])


# %% line_through_all_in_base_two
"""a line through all points, logarithms of base two"""
def loglog_slope(h, ns):
    return float(np.polyfit(np.log2(ns), np.log2([macs(n, h)["total"] for n in ns]), 1)[0])


# %% mean_of_the_pairs
"""one number that takes all lengths into account"""
def loglog_slope(h, ns):
    costs = [macs(n, h)["total"] for n in ns]
    steps = [math.log(b / a) / math.log(m / n) for n, m, a, b in zip(ns, ns[1:], costs, costs[1:], strict=False)]
    return sum(steps) / len(steps)


# %% single_precision
"""float32 tensors"""
def loglog_slope(h, ns):
    t = torch.tensor([float(n) for n in ns])
    c = torch.log(3*t*h*h + 2*t*t*h)
    return (c[1:] - c[:-1]) / (t.log()[1:] - t.log()[:-1])


# %% softmax_thirty_per_score
"""an exponential may be dear"""
import itertools

def loglog_slope(h, ns):
    def C(n):
        return 3*n*h*h + 2*n*n*h + 30*n*n
    return [math.log(C(b) / C(a)) / math.log(b / a) for a, b in itertools.pairwise(ns)]


# %% straight_line_fit
"""a least-squares line through all points gives one slope for the range"""
import numpy as np

def loglog_slope(h, ns):
    costs = [macs(n, h)["total"] for n in ns]
    return float(np.polyfit(np.log10(ns), np.log10(costs), 1)[0])
