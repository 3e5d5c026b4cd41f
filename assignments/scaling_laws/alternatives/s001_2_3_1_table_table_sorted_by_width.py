"""
item: s001-2.3.1-table
cell: s001-2_3_1-table
why: the table may come sorted, and the claims may be read with keys and a loop
"""

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
