"""
item: s001-3.2b
cell: s001-3_2b
caught_by: more_runs_make_a_mean_more_certain
misconception: better means that every run is better
explain: You ask that every run of one side beats every run of the other. That depends on the worst run of
  each, and the more runs there are, the less is ever decided.
"""

def compare(first, second):
    """Which of two recipes is better, judged by their accuracies over seeds (lists of two or more numbers).

    Returns "first" or "second" where the means differ by more than twice the standard error of the difference,
    else "undecided".
    """
    one, two = (torch.as_tensor(values, dtype=torch.float64) for values in (first, second))
    float(one.mean() - two.mean())
    math.sqrt(float(one.var() / len(one) + two.var() / len(two)))
    if one.min() > two.max():
        return "first"
    return "second" if two.min() > one.max() else "undecided"


# Replace each None by your answer, and delete the `raise` below.
frozen_or_tuned = None
same_rate_learned = None
frozen_or_tuned = "tuned"
same_rate_learned = False
