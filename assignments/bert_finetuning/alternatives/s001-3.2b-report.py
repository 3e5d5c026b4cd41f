# %% counting_in_loops
"""counts by hand in Python"""
def report(predicted, labels, minus):
    rows = [(int(p), int(t), bool(s)) for p, t, s in zip(predicted, labels, minus, strict=False)]

    def both(chosen):
        counts = [sum(t == k for _, t, _ in chosen) for k in range(3)]
        return sum(p == t for p, t, _ in chosen) / len(chosen), max(counts) / len(chosen)

    recall = []
    for k in range(3):
        own = [p for p, t, _ in rows if t == k]
        recall.append(own.count(k) / len(own))
    accuracy, majority = both(rows)
    hard, hard_majority = both([row for row in rows if row[2]])
    return {"accuracy": accuracy, "majority": majority, "recall": recall, "balanced": sum(recall) / len(recall),
            "minus": hard, "minus_majority": hard_majority}


# %% from_a_confusion_matrix
"""everything read off confusion matrices, returned as tensors"""
def report(predicted, labels, minus):
    predicted, labels = torch.as_tensor(predicted), torch.as_tensor(labels)
    minus = torch.as_tensor(minus, dtype=torch.bool)

    def table(where):
        return torch.bincount(3 * labels[where] + predicted[where], minlength=9).reshape(3, 3).double()

    whole, hard = table(torch.ones_like(minus)), table(minus)
    recall = whole.diagonal() / whole.sum(dim=1)
    return {"accuracy": whole.trace() / whole.sum(), "majority": whole.sum(dim=1).max() / whole.sum(),
            "recall": recall, "balanced": recall.mean(),
            "minus": hard.trace() / hard.sum(), "minus_majority": hard.sum(dim=1).max() / hard.sum()}


# %% with_numpy
"""numpy arrays and np.unique for the counts"""
import numpy as np

def report(predicted, labels, minus):
    p, t, s = np.array(predicted), np.array(labels), np.array(minus).astype(bool)

    def top(x):
        return np.unique(x, return_counts=True)[1].max() / x.size

    recall = [np.mean(p[t == k] == k) for k in (0, 1, 2)]
    return {"accuracy": np.mean(p == t), "majority": top(t), "recall": recall, "balanced": np.mean(recall),
                "minus": np.mean(p[s] == t[s]), "minus_majority": top(t[s])}
