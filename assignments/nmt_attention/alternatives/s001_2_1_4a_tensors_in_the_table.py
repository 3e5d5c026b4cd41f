"""
item: s001-2.1.4a
cell: s001-2_1_4a
why: entries as 0-d tensors, from stacked curves
"""

runs, val_table = {}, {}
for h in (64, 32):
    for data in ("large", "small"):
        curves = []
        for seed in SEEDS:
            runs[h, data, seed] = train_translator(h, data, seed)
            curves.append(runs[h, data, seed].validation_losses)
        val_table[h, data] = torch.tensor(curves, dtype=torch.float64).min(dim=1).values.mean()
