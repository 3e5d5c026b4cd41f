"""
item: s001-2.3.1-table
cell: s001-2_3_1-table
why: rows may be lists, and numpy finds minima and steps
"""

def size_table(runs, vocab, context, length, layers):
    return {
        run["width"]: [
            count_parameters(vocab, context, run["width"], layers),
            training_flops(vocab, length, run["width"], layers, run["sequences"]),
            np.min(run["losses"]),
        ]
        for run in runs
    }


def claims(table):
    widths = np.sort(np.array(list(table)))
    losses = np.array([table[int(width)][2] for width in widths])
    return {
        "always_better": bool((np.diff(losses) < 0).all()),
        "best_width": int(widths[losses.argmin()]),
        "price_of_largest": (losses[-1] - losses.min()) / losses.min(),
    }
