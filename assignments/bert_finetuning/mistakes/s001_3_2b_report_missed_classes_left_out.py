"""
item: s001-3.2b-report
cell: s001-3_2b-report
caught_by: balanced_accuracy_is_the_mean_recall
misconception: a class without a hit has no recall
explain: Your balanced accuracy leaves out classes without a hit. Their recall is 0, and it is exactly these
  that the balanced accuracy should punish.
"""

def report(predicted, labels, minus):
    """What there is to say about the answers of a three-class model.

    predicted, labels: classes 0, 1, 2 of n items (lists or tensors); minus: n booleans, True for a minus item.
    Each class occurs among the labels, and there are minus items. Returns a dict:
      accuracy, majority  share of right answers; share of the most frequent label
      recall, balanced    list of three, one per class; their mean
      minus, minus_majority   accuracy and majority baseline of the minus items alone
    """
    predicted, labels, minus = (torch.as_tensor(values) for values in (predicted, labels, minus))
    hit = (predicted == labels).double()
    recall = [float(hit[labels == label].mean()) for label in range(3)]

    def most_frequent(of):
        return float(torch.bincount(of).max()) / len(of)

    return {
        "accuracy": float(hit.mean()),
        "majority": most_frequent(labels),
        "recall": recall,
        "balanced": sum(recall) / max(1, sum(r > 0 for r in recall)),
        "minus": float(hit[minus.bool()].mean()),
        "minus_majority": most_frequent(labels[minus.bool()]),
    }
