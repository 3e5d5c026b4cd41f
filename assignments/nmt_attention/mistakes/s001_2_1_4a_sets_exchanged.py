"""
item: s001-2.1.4a
cell: s001-2_1_4a
caught_by: table_averages_the_lowest_losses
misconception: small under the key large
explain: The entries for the small and the large set stand under each other's keys.
"""

runs, val_table = {}, {}
for hidden in WIDTHS:
    for data in SETS:
        for seed in SEEDS:
            runs[hidden, data, seed] = train_translator(hidden, data, seed)
        other = "large" if data == "small" else "small"
        val_table[hidden, other] = sum(runs[hidden, data, seed].best_loss for seed in SEEDS) / len(SEEDS)
