"""
item: s001-2.3.1-table
cell: s001-2_3_1-table
caught_by: table_keeps_the_best_loss_of_each_run
misconception: a range ends before its end
explain: You leave out the last epoch. It can be the best one.
"""

def size_table(runs, vocab, context, length, layers):
    table = {}
    for run in runs:
        width = run["width"]
        flops = training_flops(vocab, length, width, layers, run["sequences"])
        table[width] = (count_parameters(vocab, context, width, layers), flops, min(run["losses"][:-1]))
    return table


def claims(table):
    widths = sorted(table)
    losses = [table[width][2] for width in widths]
    return {
        "always_better": all(losses[k + 1] < losses[k] for k in range(len(losses) - 1)),
        "best_width": widths[losses.index(min(losses))],
        "price_of_largest": losses[-1] / min(losses) - 1,
    }
