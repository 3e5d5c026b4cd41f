"""
item: s001-2.1.4a
cell: s001-2_1_4a
why: comprehensions, and the mean of the statistics module
"""


import statistics

runs = {(h, d, s): train_translator(h, d, s) for h in WIDTHS for d in SETS for s in SEEDS}
val_table = {
    (h, d): statistics.fmean(min(runs[h, d, s].validation_losses) for s in SEEDS) for h in WIDTHS for d in SETS
}
