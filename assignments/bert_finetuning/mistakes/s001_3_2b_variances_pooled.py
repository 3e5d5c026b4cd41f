"""
item: s001-3.2b
cell: s001-3_2b
caught_by: more_runs_make_a_mean_more_certain
misconception: both recipes vary alike, so one variance serves both
explain: You pool the two variances as if both recipes varied alike. Here each mean has its own: its variance divided
  by its number of runs.
"""

def compare(first, second):
    """Which of two recipes is better, judged by their accuracies over seeds (lists of two or more numbers).

    Returns "first" or "second" where the means differ by more than twice the standard error of the difference,
    else "undecided".
    """
    one, two = (torch.as_tensor(values, dtype=torch.float64) for values in (first, second))
    difference = float(one.mean() - two.mean())
    n, m = len(one), len(two)
    pooled = ((n - 1) * one.var() + (m - 1) * two.var()) / (n + m - 2)
    error = math.sqrt(float(pooled * (1 / n + 1 / m)))
    if abs(difference) <= 2 * error:
        return "undecided"
    return "first" if difference > 0 else "second"


# Replace each None by your answer, and delete the `raise` below.
frozen_or_tuned = None
same_rate_learned = None
frozen_or_tuned = "tuned"
same_rate_learned = False
