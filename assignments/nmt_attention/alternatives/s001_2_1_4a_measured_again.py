"""
item: s001-2.1.4a
cell: s001-2_1_4a
why: the kept weights are measured again, weighted by letters
"""

runs, val_table = {}, {}
validation = batches(load_pairs("large").validation, vocabulary, 512)


def measured(model):
    with torch.no_grad():
        parts = [translation_loss(model, batch) for batch in validation]
    return float(sum(total for total, _ in parts)) / sum(count for _, count in parts)


for h in WIDTHS:
    for data in SETS:
        for seed in SEEDS:
            runs[h, data, seed] = train_translator(h, data, seed)
        val_table[h, data] = sum(measured(runs[h, data, seed].model) for seed in SEEDS) / len(SEEDS)
