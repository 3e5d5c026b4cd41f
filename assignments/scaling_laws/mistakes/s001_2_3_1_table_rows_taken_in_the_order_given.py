"""
item: s001-2.3.1-table
cell: s001-2_3_1-table
caught_by: claims_do_not_depend_on_the_order_of_rows
misconception: a dict is sorted
explain: You go through the table in the order in which it was filled. Sort the widths first; a dict does not do
  it for you.
"""


def size_table(runs, vocab, context, length, layers):
    table = {}
    for run in runs:
        width = run["width"]
        flops = training_flops(vocab, length, width, layers, run["sequences"])
        table[width] = (count_parameters(vocab, context, width, layers), flops, min(run["losses"]))
    return table


def claims(table):
    widths = list(table)
    losses = [table[width][2] for width in widths]
    return {
        "always_better": all(losses[k + 1] < losses[k] for k in range(len(losses) - 1)),
        "best_width": widths[losses.index(min(losses))],
        "price_of_largest": losses[-1] / min(losses) - 1,
    }
