"""
item: s001-3.2b
cell: s001-3_2b
caught_by: more_runs_make_a_mean_more_certain
misconception: 1.96 is as good as two
explain: Your bound is 1.96 standard errors, from the normal distribution. The rule here is twice the standard error:
  with three runs nobody knows it better than that.
"""

def compare(first, second):
    """Which of two recipes is better, judged by their accuracies over seeds (lists of two or more numbers).

    Returns "first" or "second" where the means differ by more than twice the standard error of the difference,
    else "undecided".
    """
    one, two = (torch.as_tensor(values, dtype=torch.float64) for values in (first, second))
    difference = float(one.mean() - two.mean())
    error = math.sqrt(float(one.var() / len(one) + two.var() / len(two)))
    if abs(difference) <= 1.96 * error:
        return "undecided"
    return "first" if difference > 0 else "second"


# Replace each None by your answer, and delete the `raise` below.
frozen_or_tuned = None
same_rate_learned = None
frozen_or_tuned = "tuned"
same_rate_learned = False
