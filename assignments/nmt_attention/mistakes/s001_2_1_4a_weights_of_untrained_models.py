"""
item: s001-2.1.4a
cell: s001-2_1_4a
caught_by: trained_weights_give_the_losses_of_their_runs, new_words_are_translated
misconception: new models with old histories
explain: The models in your runs are untrained: a new model took the place of the one that training gave
  back.
"""

from dataclasses import replace

runs, val_table = {}, {}
for hidden in WIDTHS:
    for data in SETS:
        for seed in SEEDS:
            runs[hidden, data, seed] = train_translator(hidden, data, seed)
        chosen = [runs[hidden, data, seed] for seed in SEEDS]
        val_table[hidden, data] = sum(run.best_loss for run in chosen) / len(chosen)
runs = {(h, data, seed): replace(run, model=new_translator(h, seed)) for (h, data, seed), run in runs.items()}
