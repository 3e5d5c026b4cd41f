"""
item: s001-2.3.3a
cell: s001-2_3_3a
why: the standard library's linear regression, as it returns
"""

import statistics


def fit_linear_log(x, y):
    return statistics.linear_regression(list(map(math.log10, x)), list(map(math.log10, y)))
