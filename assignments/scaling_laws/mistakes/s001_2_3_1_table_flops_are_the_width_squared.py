"""
item: s001-2.3.1-table
cell: s001-2_3_1-table
caught_by: table_has_parameters_and_flops_of_each_width
misconception: the width squared is a FLOP count
explain: The FLOPs in your table are the width squared. That is the size of one matrix; the cost of training
  also depends on tokens, layers and vocabulary.
"""


def size_table(runs, vocab, context, length, layers):
    table = {}
    for run in runs:
        width = run["width"]
        flops = width**2
        table[width] = (count_parameters(vocab, context, width, layers), flops, min(run["losses"]))
    return table


def claims(table):
    widths = sorted(table)
    losses = [table[width][2] for width in widths]
    return {
        "always_better": all(losses[k + 1] < losses[k] for k in range(len(losses) - 1)),
        "best_width": widths[losses.index(min(losses))],
        "price_of_largest": losses[-1] / min(losses) - 1,
    }
