"""
item: s001-2.1.4a
cell: s001-2_1_4a
why: seeds in the outer loop, the table afterwards from best_loss
"""

runs = {(h, data, seed): train_translator(h, data, seed) for seed in SEEDS for data in SETS for h in WIDTHS}
val_table = {
    (h, data): float(np.mean([run.best_loss for key, run in runs.items() if key[:2] == (h, data)])) for h in WIDTHS for data in SETS
}
