"""
item: s001-2.1.4a
cell: s001-2_1_4a
why: four decimals are enough
"""

runs, val_table = {}, {}
for h, data in [(32, "small"), (32, "large"), (64, "small"), (64, "large")]:
    for seed in SEEDS:
        runs[(h, data, seed)] = train_translator(h, data, seed)
    val_table[(h, data)] = round(sum(min(runs[(h, data, s)].validation_losses) for s in SEEDS) / 3, 4)
