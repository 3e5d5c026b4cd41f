"""
item: s001-2.3.1-table
cell: s001-2_3_1-table
caught_by: always_better_looks_at_every_step
misconception: a small rise is as good as a fall
explain: You forgive a step that raises the loss a little, or leaves it as it was. Whether such a step is
  noise the table does not say; the claim is that each step lowers the loss.
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
        "always_better": bool((np.diff(np.log(losses)) < 0.01).all()),
        "best_width": widths[losses.index(min(losses))],
        "price_of_largest": losses[-1] / min(losses) - 1,
    }
