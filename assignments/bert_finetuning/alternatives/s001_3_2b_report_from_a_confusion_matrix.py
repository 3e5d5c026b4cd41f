"""
item: s001-3.2b-report
cell: s001-3_2b-report
why: everything read off confusion matrices, returned as tensors
"""

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
