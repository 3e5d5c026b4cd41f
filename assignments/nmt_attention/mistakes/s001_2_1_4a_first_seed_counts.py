"""
item: s001-2.1.4a
cell: s001-2_1_4a
caught_by: table_averages_the_lowest_losses
misconception: only seed 1 enters
explain: Only your first seed enters the table. One run may be lucky or not: take the mean over all three.
"""

runs, val_table = {}, {}
for hidden in WIDTHS:
    for data in SETS:
        for seed in SEEDS:
            runs[hidden, data, seed] = train_translator(hidden, data, seed)
        chosen = [runs[hidden, data, seed] for seed in SEEDS]
        val_table[hidden, data] = chosen[0].best_loss
