"""
item: s001-2.3.1-table
cell: s001-2_3_1-table
why: numbers may come as tensors and truth as 0 or 1; further keys do no harm
"""


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
