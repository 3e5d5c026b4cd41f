# %% in_numpy
"""numpy with one degree of freedom less; answers computed from the models"""
import numpy as np

def compare(first, second):
    x, y = np.asarray(first, float), np.asarray(second, float)
    error = np.hypot(x.std(ddof=1) / np.sqrt(x.size), y.std(ddof=1) / np.sqrt(y.size))
    ratio = (x.mean() - y.mean()) / max(error, 1e-300)
    return "first" if ratio > 2 else "second" if ratio < -2 else "undecided"

found = [[one["accuracy"] for one in reports_of(runs)] for runs in (tuned[640], frozen["own rate"])]

frozen_or_tuned = {"first": "tuned", "second": "frozen"}.get(compare(*found), "undecided")

same_rate_learned = any(one["balanced"] > 0.4 for one in reports_of(frozen["same rate"]))


# %% statistics_of_python
"""statistics.variance, and squares compared so that no root is needed"""
import statistics

def compare(first, second):
    gap = statistics.fmean(first) - statistics.fmean(second)
    noise = statistics.variance(first) / len(first) + statistics.variance(second) / len(second)
    if gap**2 > 4 * noise:
        return "first" if gap > 0 else "second"
    return "undecided"


# %% written_out
"""sums written out; the truth value as a number"""
def compare(first, second):
    def mean_and_error(values):
        n = len(values)
        mean = sum(values) / n
        return mean, sum((v - mean) ** 2 for v in values) / (n - 1) / n

    (a, ea), (b, eb) = mean_and_error(first), mean_and_error(second)
    bound = 2 * (ea + eb) ** 0.5
    if a - b > bound:
        return "first"
    if b - a > bound:
        return "second"
    return "undecided"

same_rate_learned = 0
