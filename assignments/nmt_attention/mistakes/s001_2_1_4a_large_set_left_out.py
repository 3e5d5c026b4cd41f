"""
item: s001-2.1.4a
cell: s001-2_1_4a
caught_by: every_run_is_a_run_of_its_own, table_averages_the_lowest_losses, twice_the_width_lowers_the_loss
misconception: the small runs stand for both sets
explain: You trained on the small set only and entered its losses for the large one as well. Both sets are
  asked for, four configurations in all.
"""

runs, val_table = {}, {}
for hidden in WIDTHS:
    for seed in SEEDS:
        runs[hidden, "small", seed] = train_translator(hidden, "small", seed)
    for data in SETS:
        val_table[hidden, data] = sum(runs[hidden, "small", seed].best_loss for seed in SEEDS) / len(SEEDS)
