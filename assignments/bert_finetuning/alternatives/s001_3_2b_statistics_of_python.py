"""
item: s001-3.2b
cell: s001-3_2b
why: statistics.variance, and squares compared so that no root is needed
"""

import statistics


def compare(first, second):
    gap = statistics.fmean(first) - statistics.fmean(second)
    noise = statistics.variance(first) / len(first) + statistics.variance(second) / len(second)
    if gap**2 > 4 * noise:
        return "first" if gap > 0 else "second"
    return "undecided"


frozen_or_tuned = "tuned"
same_rate_learned = False
