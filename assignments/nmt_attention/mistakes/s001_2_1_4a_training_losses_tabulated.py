"""
item: s001-2.1.4a
cell: s001-2_1_4a
caught_by: table_averages_the_lowest_losses
misconception: training loss
explain: Your table holds training losses. They tell how well the words are remembered; the question is
  about words that were not trained on.
"""

runs, val_table = {}, {}
for hidden in WIDTHS:
    for data in SETS:
        for seed in SEEDS:
            runs[hidden, data, seed] = train_translator(hidden, data, seed)
        chosen = [runs[hidden, data, seed] for seed in SEEDS]
        val_table[hidden, data] = sum(min(run.train_losses) for run in chosen) / len(chosen)
