"""
item: s001-3.2b
cell: s001-3_2b
caught_by: clear_differences_are_decided, more_runs_make_a_mean_more_certain
misconception: the spread of the runs is the error of their mean
explain: You compare with the spread of single runs. The mean of n runs is known better than any one of
  them: its variance is smaller by the factor n.
"""

def compare(first, second):
    """Which of two recipes is better, judged by their accuracies over seeds (lists of two or more numbers).

    Returns "first" or "second" where the means differ by more than twice the standard error of the difference,
    else "undecided".
    """
    one, two = (torch.as_tensor(values, dtype=torch.float64) for values in (first, second))
    difference = float(one.mean() - two.mean())
    error = math.sqrt(float(one.var() + two.var()))
    if abs(difference) <= 2 * error:
        return "undecided"
    return "first" if difference > 0 else "second"


# Replace each None by your answer, and delete the `raise` below.
frozen_or_tuned = None
same_rate_learned = None
frozen_or_tuned = "tuned"
same_rate_learned = False
