"""
item: s001-2.3.1-table
cell: s001-2_3_1-table
why: rows as named tuples
"""

from collections import namedtuple

Row = namedtuple('Row', 'parameters flops loss')


def size_table(runs, vocab, context, length, layers):
    table = {}
    for run in runs:
        width = run["width"]
        flops = training_flops(vocab, length, width, layers, run["sequences"])
        table[width] = Row(count_parameters(vocab, context, width, layers), flops, min(run["losses"]))
    return table


def claims(table):
    widths = sorted(table)
    losses = [table[width][2] for width in widths]
    return {
        "always_better": bool((np.diff(losses) < 0).all()),
        "best_width": widths[losses.index(min(losses))],
        "price_of_largest": losses[-1] / min(losses) - 1,
    }
