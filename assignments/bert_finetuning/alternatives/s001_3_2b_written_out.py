"""
item: s001-3.2b
cell: s001-3_2b
why: sums written out; the truth value as a number
"""

def compare(first, second):
    def mean_and_error(values):
        n = len(values)
        mean = sum(values) / n
        return mean, sum((v - mean) ** 2 for v in values) / (n - 1) / n

    (a, ea), (b, eb) = mean_and_error(first), mean_and_error(second)
    bound = 2 * (ea + eb) ** 0.5
    if a - b > bound:
        return "first"
    if b - a > bound:
        return "second"
    return "undecided"


frozen_or_tuned = "tuned"
same_rate_learned = 0
