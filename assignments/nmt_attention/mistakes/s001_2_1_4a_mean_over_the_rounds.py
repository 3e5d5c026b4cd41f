"""
item: s001-2.1.4a
cell: s001-2_1_4a
caught_by: table_averages_the_lowest_losses
misconception: average of the curve
explain: You averaged over all rounds of a run, the first ones included. Each run counts with its lowest
  loss.
"""

runs, val_table = {}, {}
for hidden in WIDTHS:
    for data in SETS:
        for seed in SEEDS:
            runs[hidden, data, seed] = train_translator(hidden, data, seed)
        chosen = [runs[hidden, data, seed] for seed in SEEDS]
        val_table[hidden, data] = sum(sum(run.validation_losses) / len(run.validation_losses) for run in chosen) / len(chosen)
