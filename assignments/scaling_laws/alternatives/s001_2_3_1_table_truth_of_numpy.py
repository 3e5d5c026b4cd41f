"""
item: s001-2.3.1-table
cell: s001-2_3_1-table
why: numpy's own kinds of truth and numbers in the claims
"""

def size_table(runs, vocab, context, length, layers):
    table = {}
    for run in runs:
        width = run["width"]
        flops = training_flops(vocab, length, width, layers, run["sequences"])
        table[width] = (count_parameters(vocab, context, width, layers), flops, min(run["losses"]))
    return table


def claims(table):
    widths = sorted(table)
    losses = [table[width][2] for width in widths]
    return {
        "always_better": np.all(np.diff(losses) < 0),
        "best_width": np.array(widths)[np.argmin(losses)],
        "price_of_largest": np.float64(losses[-1]) / np.min(losses) - 1,
    }
