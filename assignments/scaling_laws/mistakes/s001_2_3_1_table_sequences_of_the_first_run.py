"""
item: s001-2.3.1-table
cell: s001-2_3_1-table
caught_by: table_has_parameters_and_flops_of_each_width
misconception: all runs saw the same number of sequences
explain: You use the sequences of the first run for all rows. Each run says how many it saw.
"""

def size_table(runs, vocab, context, length, layers):
    table = {}
    for run in runs:
        width = run["width"]
        flops = training_flops(vocab, length, width, layers, runs[0]["sequences"])
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
