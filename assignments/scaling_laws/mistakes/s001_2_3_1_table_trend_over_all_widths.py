"""
item: s001-2.3.1-table
cell: s001-2_3_1-table
caught_by: always_better_looks_at_every_step
misconception: a falling trend is always better
explain: You look at the trend over all widths. A single step upwards already makes `always` false.
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
        "always_better": bool(np.polyfit(np.log(widths), losses, 1)[0] < 0),
        "best_width": widths[losses.index(min(losses))],
        "price_of_largest": losses[-1] / min(losses) - 1,
    }
