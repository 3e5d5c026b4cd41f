"""
item: s001-2.1.4a
cell: s001-2_1_4a
caught_by: trained_weights_give_the_losses_of_their_runs, twice_the_width_lowers_the_loss
misconception: runs[32] holds width 64
explain: Your runs of widths 32 and 64 stand under each other's keys.
"""

runs, val_table = {}, {}
for hidden in WIDTHS:
    for data in SETS:
        for seed in SEEDS:
            runs[96 - hidden, data, seed] = train_translator(hidden, data, seed)
        val_table[96 - hidden, data] = sum(runs[96 - hidden, data, seed].best_loss for seed in SEEDS) / len(SEEDS)
