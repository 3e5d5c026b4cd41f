"""
item: s001-3.2b
cell: s001-3_2b
caught_by: more_runs_make_a_mean_more_certain
misconception: errors add up
explain: You add the two errors. Independent errors partly cancel: their squares add up, and the root comes
  last.
"""

def compare(first, second):
    """Which of two recipes is better, judged by their accuracies over seeds (lists of two or more numbers).

    Returns "first" or "second" where the means differ by more than twice the standard error of the difference,
    else "undecided".
    """
    one, two = (torch.as_tensor(values, dtype=torch.float64) for values in (first, second))
    difference = float(one.mean() - two.mean())
    error = float(one.std() / len(one) ** 0.5 + two.std() / len(two) ** 0.5)
    if abs(difference) <= 2 * error:
        return "undecided"
    return "first" if difference > 0 else "second"


# Replace each None by your answer, and delete the `raise` below.
frozen_or_tuned = None
same_rate_learned = None
frozen_or_tuned = "tuned"
same_rate_learned = False
