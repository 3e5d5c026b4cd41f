"""
item: s001-2.1.4a
cell: s001-2_1_4a
caught_by: table_averages_the_lowest_losses
misconception: 32 under the key 64
explain: The entries for widths 32 and 64 stand under each other's keys.
"""

runs, val_table = {}, {}
for hidden in WIDTHS:
    for data in SETS:
        for seed in SEEDS:
            runs[hidden, data, seed] = train_translator(hidden, data, seed)
        val_table[96 - hidden, data] = sum(runs[hidden, data, seed].best_loss for seed in SEEDS) / len(SEEDS)
