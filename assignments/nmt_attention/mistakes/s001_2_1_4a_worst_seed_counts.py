"""
item: s001-2.1.4a
cell: s001-2_1_4a
caught_by: table_averages_the_lowest_losses
misconception: maximum over seeds
explain: You took the worst of the three seeds. Take the mean over them.
"""

runs, val_table = {}, {}
for hidden in WIDTHS:
    for data in SETS:
        for seed in SEEDS:
            runs[hidden, data, seed] = train_translator(hidden, data, seed)
        chosen = [runs[hidden, data, seed] for seed in SEEDS]
        val_table[hidden, data] = max(run.best_loss for run in chosen)
