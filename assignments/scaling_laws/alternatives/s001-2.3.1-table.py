# %% answers_as_tensors_and_zeros
"""numbers may come as tensors and truth as 0 or 1; further keys do no harm"""
def size_table(runs, vocab, context, length, layers):
    return {
        run["width"]: torch.tensor([
            float(count_parameters(vocab, context, run["width"], layers)),
            float(training_flops(vocab, length, run["width"], layers, run["sequences"])),
            min(run["losses"]),
        ], dtype=torch.float64)
        for run in runs
    }

def claims(table):
    rows = sorted((width, float(row[2])) for width, row in table.items())
    steps = [rows[k + 1][1] - rows[k][1] for k in range(len(rows) - 1)]
    loss, best = min((loss, width) for width, loss in rows)
    return {
        "always_better": int(max(steps) < 0), "best_width": torch.tensor(best), "lowest": loss,
        "price_of_largest": torch.tensor(rows[-1][1] / loss - 1, dtype=torch.float64),
    }


# %% named_rows
"""rows as named tuples"""
from collections import namedtuple

Row = namedtuple('Row', 'parameters flops loss')

def size_table(runs, vocab, context, length, layers):
    table = {}
    for run in runs:
        width = run["width"]
        flops = training_flops(vocab, length, width, layers, run["sequences"])
        table[width] = Row(count_parameters(vocab, context, width, layers), flops, min(run["losses"]))
    return table

def claims(table):
    widths = sorted(table)
    losses = [table[width][2] for width in widths]
    return {
        "always_better": bool((np.diff(losses) < 0).all()),
        "best_width": widths[losses.index(min(losses))],
        "price_of_largest": losses[-1] / min(losses) - 1,
    }


# %% rows_as_lists
"""rows may be lists, and numpy finds minima and steps"""
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


# %% table_sorted_by_width
"""the table may come sorted, and the claims may be read with keys and a loop"""
def size_table(runs, vocab, context, length, layers):
    table = {}
    for run in sorted(runs, key=lambda run: run["width"]):
        best = sorted(run["losses"])[0]
        flops = run["sequences"] * training_flops(vocab, length, run["width"], layers, 1)
        table[run["width"]] = (count_parameters(vocab, context, run["width"], layers), flops, best)
    return table

def claims(table):
    best = min(table, key=lambda width: table[width][2])
    largest, better, before = max(table), True, float("inf")
    for width in sorted(table):
        better = better and table[width][2] < before
        before = table[width][2]
    return {
        "best_width": best, "always_better": better,
        "price_of_largest": (table[largest][2] - table[best][2]) / table[best][2],
    }


# %% truth_of_numpy
"""numpy's own kinds of truth and numbers in the claims"""
def claims(table):
    widths = sorted(table)
    losses = [table[width][2] for width in widths]
    return {
        "always_better": np.all(np.diff(losses) < 0),
        "best_width": np.array(widths)[np.argmin(losses)],
        "price_of_largest": np.float64(losses[-1]) / np.min(losses) - 1,
    }


# %% widths_of_numpy
"""widths as numpy integers"""
def size_table(runs, vocab, context, length, layers):
    table = {}
    for run in runs:
        width = run["width"]
        flops = training_flops(vocab, length, width, layers, run["sequences"])
        table[np.int64(width)] = (count_parameters(vocab, context, width, layers), flops, min(run["losses"]))
    return table

def claims(table):
    widths = sorted(table)
    losses = [table[width][2] for width in widths]
    return {
        "always_better": bool((np.diff(losses) < 0).all()),
        "best_width": widths[losses.index(min(losses))],
        "price_of_largest": losses[-1] / min(losses) - 1,
    }
