"""
item: s001-2.1.4a
cell: s001-2_1_4a
caught_by: trained_weights_give_the_losses_of_their_runs
misconception: weights changed after training
explain: The weights that you handed in are not those of the best round: something changed them after
  training. Delete the checkpoints and train again.
"""

runs, val_table = {}, {}
for hidden in WIDTHS:
    for data in SETS:
        for seed in SEEDS:
            runs[hidden, data, seed] = train_translator(hidden, data, seed)
        chosen = [runs[hidden, data, seed] for seed in SEEDS]
        val_table[hidden, data] = sum(run.best_loss for run in chosen) / len(chosen)

random = torch.Generator().manual_seed(0)
with torch.no_grad():
    for run in runs.values():
        for parameter in run.model.parameters():
            parameter += 0.03 * torch.randn(parameter.shape, generator=random)
