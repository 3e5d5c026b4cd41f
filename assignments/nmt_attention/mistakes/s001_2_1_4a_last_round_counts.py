"""
item: s001-2.1.4a
cell: s001-2_1_4a
caught_by: table_averages_the_lowest_losses
misconception: the last loss instead of the lowest
explain: You took the loss after the last round. What is kept and handed in are the weights of the best
  round, so the table should hold the lowest loss of each run.
"""

runs, val_table = {}, {}
for hidden in WIDTHS:
    for data in SETS:
        for seed in SEEDS:
            runs[hidden, data, seed] = train_translator(hidden, data, seed)
        chosen = [runs[hidden, data, seed] for seed in SEEDS]
        val_table[hidden, data] = sum(run.validation_losses[-1] for run in chosen) / len(chosen)
