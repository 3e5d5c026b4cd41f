"""
item: s001-3.2b-report
cell: s001-3_2b-report
caught_by: minus_items_are_judged_alone
misconception: a share of the hits is an accuracy
explain: You divide the hits on minus items by the number of all items. Nobody could reach 1 that way:
  divide by the number of minus items.
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
        "minus": float((hit * minus.double()).mean()),
        "minus_majority": most_frequent(labels[minus.bool()]),
    }
