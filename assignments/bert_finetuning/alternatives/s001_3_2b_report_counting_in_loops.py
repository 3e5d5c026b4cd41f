"""
item: s001-3.2b-report
cell: s001-3_2b-report
why: counts by hand in Python
"""

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
