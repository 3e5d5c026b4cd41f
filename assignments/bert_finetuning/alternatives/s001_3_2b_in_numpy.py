"""
item: s001-3.2b
cell: s001-3_2b
why: numpy with one degree of freedom less; answers computed from the models
"""

import numpy as np


def compare(first, second):
    x, y = np.asarray(first, float), np.asarray(second, float)
    error = np.hypot(x.std(ddof=1) / np.sqrt(x.size), y.std(ddof=1) / np.sqrt(y.size))
    ratio = (x.mean() - y.mean()) / max(error, 1e-300)
    return "first" if ratio > 2 else "second" if ratio < -2 else "undecided"


found = [[one["accuracy"] for one in reports_of(runs)] for runs in (tuned[640], frozen["own rate"])]
frozen_or_tuned = {"first": "tuned", "second": "frozen"}.get(compare(*found), "undecided")
same_rate_learned = any(one["balanced"] > 0.4 for one in reports_of(frozen["same rate"]))
