"""
item: s001-2.1.4a
cell: s001-2_1_4a
caught_by: every_run_is_a_run_of_its_own
misconception: the same seed thrice
explain: Your three runs of a configuration are one and the same. A spread over seeds needs three seeds.
"""

runs, val_table = {}, {}
for hidden in WIDTHS:
    for data in SETS:
        for seed in SEEDS:
            runs[hidden, data, seed] = train_translator(hidden, data, 1)
        val_table[hidden, data] = runs[hidden, data, 1].best_loss
