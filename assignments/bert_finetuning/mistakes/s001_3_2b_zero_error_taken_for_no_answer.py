"""
item: s001-3.2b
cell: s001-3_2b
caught_by: clear_differences_are_decided
misconception: without spread nothing can be said
explain: Runs that all agree have the error 0. A difference between them is larger than twice nothing: decided.
"""

def compare(first, second):
    """Which of two recipes is better, judged by their accuracies over seeds (lists of two or more numbers).

    Returns "first" or "second" where the means differ by more than twice the standard error of the difference,
    else "undecided".
    """
    one, two = (torch.as_tensor(values, dtype=torch.float64) for values in (first, second))
    difference = float(one.mean() - two.mean())
    error = math.sqrt(float(one.var() / len(one) + two.var() / len(two)))
    if error == 0 or abs(difference) <= 2 * error:
        return "undecided"
    return "first" if difference > 0 else "second"


# Replace each None by your answer, and delete the `raise` below.
frozen_or_tuned = None
same_rate_learned = None
frozen_or_tuned = "tuned"
same_rate_learned = False
