"""
item: s001-2.1.4a
cell: s001-2_1_4a
caught_by: table_averages_the_lowest_losses
misconception: batches weigh the same
explain: You averaged the means of the batches. Batches differ in size, so letters of small batches count
  for more: add up losses and letters over all batches, then divide once.
"""

runs, val_table = {}, {}
for hidden in WIDTHS:
    for data in SETS:
        for seed in SEEDS:
            runs[hidden, data, seed] = train_translator(hidden, data, seed)

validation = batches(load_pairs("small").validation, vocabulary, 256)


def mean_of_means(model):
    with torch.no_grad():
        return sum(float(total) / count for total, count in (translation_loss(model, batch) for batch in validation)) / len(validation)


for hidden in WIDTHS:
    for data in SETS:
        val_table[hidden, data] = sum(mean_of_means(runs[hidden, data, seed].model) for seed in SEEDS) / len(SEEDS)
