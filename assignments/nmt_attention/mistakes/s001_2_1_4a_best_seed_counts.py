"""
item: s001-2.1.4a
cell: s001-2_1_4a
caught_by: table_averages_the_lowest_losses
misconception: minimum over seeds
explain: You took one seed only: the best of the three, or the first. That may be the luckiest run, and is
  not what the configuration gives: take the mean over the seeds.
"""

runs, val_table = {}, {}
for hidden in WIDTHS:
    for data in SETS:
        for seed in SEEDS:
            runs[hidden, data, seed] = train_translator(hidden, data, seed)
        chosen = [runs[hidden, data, seed] for seed in SEEDS]
        val_table[hidden, data] = min(run.best_loss for run in chosen)
