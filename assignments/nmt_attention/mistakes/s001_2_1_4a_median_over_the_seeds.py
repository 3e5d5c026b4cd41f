"""
item: s001-2.1.4a
cell: s001-2_1_4a
caught_by: table_averages_the_lowest_losses
misconception: the middle seed
explain: You took the median of the seeds. The table asks for their mean.
"""


import statistics

runs = {(h, d, s): train_translator(h, d, s) for h in WIDTHS for d in SETS for s in SEEDS}
val_table = {
    (h, d): statistics.median(min(runs[h, d, s].validation_losses) for s in SEEDS) for h in WIDTHS for d in SETS
}
