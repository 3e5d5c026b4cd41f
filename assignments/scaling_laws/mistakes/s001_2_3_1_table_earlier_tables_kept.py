"""
item: s001-2.3.1-table
cell: s001-2_3_1-table
caught_by: best_width_has_the_lowest_loss
misconception: a variable outside the function starts empty at each call
explain: You collect the losses in a variable outside the function. At the next call those of the last table
  are still there.
"""


def size_table(runs, vocab, context, length, layers):
    table = {}
    for run in runs:
        width = run["width"]
        flops = training_flops(vocab, length, width, layers, run["sequences"])
        table[width] = (count_parameters(vocab, context, width, layers), flops, min(run["losses"]))
    return table


loss_of = {}


def claims(table):
    loss_of.update({width: row[2] for width, row in table.items()})
    widths = sorted(loss_of)
    losses = [loss_of[width] for width in widths]
    return {
        "always_better": all(losses[k + 1] < losses[k] for k in range(len(losses) - 1)),
        "best_width": widths[losses.index(min(losses))],
        "price_of_largest": losses[-1] / min(losses) - 1,
    }
