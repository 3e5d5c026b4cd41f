# %% four_decimals_by_hand whole=true
"""four decimals are enough"""
runs, val_table = {}, {}
for h, data in [(32, "small"), (32, "large"), (64, "small"), (64, "large")]:
    for seed in SEEDS:
        runs[(h, data, seed)] = train_translator(h, data, seed)
    val_table[(h, data)] = round(sum(min(runs[(h, data, s)].validation_losses) for s in SEEDS) / 3, 4)


# %% measured_again whole=true
"""the kept weights are measured again, weighted by letters"""
runs, val_table = {}, {}
validation = batches(load_pairs("large").validation, vocabulary, 512)


def measured(model):
    with torch.no_grad():
        parts = [translation_loss(model, batch) for batch in validation]
    return float(sum(total for total, _ in parts)) / sum(count for _, count in parts)


for h in WIDTHS:
    for data in SETS:
        for seed in SEEDS:
            runs[h, data, seed] = train_translator(h, data, seed)
        val_table[h, data] = sum(measured(runs[h, data, seed].model) for seed in SEEDS) / len(SEEDS)


# %% seeds_outermost whole=true
"""seeds in the outer loop, the table afterwards from best_loss"""
runs = {(h, data, seed): train_translator(h, data, seed) for seed in SEEDS for data in SETS for h in WIDTHS}
val_table = {
    (h, data): float(np.mean([run.best_loss for key, run in runs.items() if key[:2] == (h, data)])) for h in WIDTHS for data in SETS
}


# %% table_first whole=true
"""comprehensions, and the mean of the statistics module"""
import statistics

runs = {(h, d, s): train_translator(h, d, s) for h in WIDTHS for d in SETS for s in SEEDS}
val_table = {
    (h, d): statistics.fmean(min(runs[h, d, s].validation_losses) for s in SEEDS) for h in WIDTHS for d in SETS
}


# %% tensors_in_the_table whole=true
"""entries as 0-d tensors, from stacked curves"""
runs, val_table = {}, {}
for h in (64, 32):
    for data in ("large", "small"):
        curves = []
        for seed in SEEDS:
            runs[h, data, seed] = train_translator(h, data, seed)
            curves.append(runs[h, data, seed].validation_losses)
        val_table[h, data] = torch.tensor(curves, dtype=torch.float64).min(dim=1).values.mean()
