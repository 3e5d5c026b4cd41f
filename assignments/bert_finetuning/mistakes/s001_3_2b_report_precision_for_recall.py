"""
item: s001-3.2b-report
cell: s001-3_2b-report
caught_by: recall_divides_by_the_items_of_a_class, balanced_accuracy_is_the_mean_recall
misconception: recall and precision are the same
explain: Your recall of a class divides by how often the class was answered. That is its precision; recall
  divides by how often the class is right.
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
    recall = [float(hit[predicted == label].mean()) if bool((predicted == label).any()) else 0.0 for label in range(3)]

    def most_frequent(of):
        return float(torch.bincount(of).max()) / len(of)

    return {
        "accuracy": float(hit.mean()),
        "majority": most_frequent(labels),
        "recall": recall,
        "balanced": sum(recall) / 3,
        "minus": float(hit[minus.bool()].mean()),
        "minus_majority": most_frequent(labels[minus.bool()]),
    }
