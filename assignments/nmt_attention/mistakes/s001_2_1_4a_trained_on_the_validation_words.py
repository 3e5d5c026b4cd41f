"""
item: s001-2.1.4a
cell: s001-2_1_4a
caught_by: losses_hold_on_words_never_seen
misconception: validation words leak into training
explain: Your models were trained on the validation words as well, so their validation loss says nothing: on
  new words they are far worse. Words that judge must not teach.
"""

from dataclasses import replace

runs, val_table = {}, {}
for hidden in WIDTHS:
    for data in SETS:
        for seed in SEEDS:
            runs[hidden, data, seed] = train_translator(hidden, data, seed)


words = load_pairs("small").validation
for seed in SEEDS:
    run = runs[32, "small", seed]
    recipe = Recipe(epochs=24, rate=2e-3, warmup=5)
    tuned = fit(run.model, translation_loss, lambda g: batches(words, vocabulary, 64, g), batches(words, vocabulary, 256), recipe, progress=False)
    runs[32, "small", seed] = replace(tuned, seed=seed)
for hidden in WIDTHS:
    for data in SETS:
        val_table[hidden, data] = sum(runs[hidden, data, seed].best_loss for seed in SEEDS) / len(SEEDS)
