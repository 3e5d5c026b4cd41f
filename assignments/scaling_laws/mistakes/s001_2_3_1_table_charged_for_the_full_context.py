"""
item: s001-2.3.1-table
cell: s001-2_3_1-table
caught_by: table_has_parameters_and_flops_of_each_width
misconception: the cost is that of the full context
explain: You charge every sequence with the context. It costs what its length costs; the context only says
  how many positions can be learned.
"""

def size_table(runs, vocab, context, length, layers):
    table = {}
    for run in runs:
        width = run["width"]
        flops = training_flops(vocab, context, width, layers, run["sequences"])
        table[width] = (count_parameters(vocab, context, width, layers), flops, min(run["losses"]))
    return table


def claims(table):
    widths = sorted(table)
    losses = [table[width][2] for width in widths]
    return {
        "always_better": bool((np.diff(losses) < 0).all()),
        "best_width": widths[losses.index(min(losses))],
        "price_of_largest": losses[-1] / min(losses) - 1,
    }
