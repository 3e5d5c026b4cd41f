"""
item: s001-3.2b-report
cell: s001-3_2b-report
caught_by: minus_items_are_judged_alone
misconception: the most frequent class of all items is the most frequent of each part
explain: Your baseline of the minus items is the share of the class that is most frequent among all items. Among the
  minus items alone another class may be.
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
        "balanced": sum(recall) / 3,
        "minus": float(hit[minus.bool()].mean()),
        "minus_majority": float((labels[minus.bool()] == labels.mode().values).double().mean()),
    }
