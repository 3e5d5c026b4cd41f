"""
item: s001-3.2b
cell: s001-3_2b
caught_by: differences_within_the_noise_are_not, more_runs_make_a_mean_more_certain
misconception: the better average is better
explain: The larger mean always wins with you. With three runs a side that is a coin toss as often as not:
  ask how precisely the means are known.
"""

def compare(first, second):
    """Which of two recipes is better, judged by their accuracies over seeds (lists of two or more numbers).

    Returns "first" or "second" where the means differ by more than twice the standard error of the difference,
    else "undecided".
    """
    one, two = (torch.as_tensor(values, dtype=torch.float64) for values in (first, second))
    difference = float(one.mean() - two.mean())
    math.sqrt(float(one.var() / len(one) + two.var() / len(two)))
    return "first" if difference > 0 else "second" if difference < 0 else "undecided"


# Replace each None by your answer, and delete the `raise` below.
frozen_or_tuned = None
same_rate_learned = None
frozen_or_tuned = "tuned"
same_rate_learned = False
