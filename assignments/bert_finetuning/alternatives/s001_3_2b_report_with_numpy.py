"""
item: s001-3.2b-report
cell: s001-3_2b-report
why: numpy arrays and np.unique for the counts
"""

import numpy as np


def report(predicted, labels, minus):
    p, t, s = np.array(predicted), np.array(labels), np.array(minus).astype(bool)

    def top(x):
        return np.unique(x, return_counts=True)[1].max() / x.size

    recall = [np.mean(p[t == k] == k) for k in (0, 1, 2)]
    return {"accuracy": np.mean(p == t), "majority": top(t), "recall": recall, "balanced": np.mean(recall),
                "minus": np.mean(p[s] == t[s]), "minus_majority": top(t[s])}
