# %% [markdown]
# # Part 2: Is larger always better?
#
# ## 2.1 Six translators
#
# **The experiment.** Decoder-only translators into Pig Latin, of widths 16, 32, 48, 64, 96 and 128: two layers of the
# model above, the small word list, the same 12 epochs and the same learning rate for all. Each was trained with three
# seeds, that is, three initialisations and three orders of the data.
#
# **The idea.** A table has one row per width: parameters, training FLOPs, and the **lowest** validation loss over the
# epochs. (The loss after the last epoch is that of a model nobody would keep.) Then say, from the table and nothing
# else, what is true of it.
#
# **Traps.** FLOPs are FLOPs: the width squared is not a number of operations. And a dictionary remembers the order in
# which it was filled, not the order of its keys.
#
# **Your task** (s001-2.3.1, table). `size_table` makes the table of the runs of one seed, `claims` reads any such table.

# %% answer="s001-2.3.1-table"
def size_table(runs: list, vocab: int, context: int, length: int, layers: int) -> dict:
    """A dict: width -> (parameters, training FLOPs, lowest validation loss).

    runs: list of dicts with the keys width, sequences (how many were seen in training) and losses (validation loss
    after each epoch), each width once, in any order. The other arguments describe the models as in 1.1.
    """
    ### BEGIN SOLUTION
    table = {}
    for run in runs:
        width = run["width"]
        flops = training_flops(vocab, length, width, layers, run["sequences"])
        table[width] = (count_parameters(vocab, context, width, layers), flops, min(run["losses"]))
    return table
    ### END SOLUTION


def claims(table: dict) -> dict:
    """What a table width -> (parameters, FLOPs, loss) says, whatever the order in which it was filled.

    always_better: True if each step to the next larger width lowers the loss, else False
    best_width: the width with the lowest loss
    price_of_largest: by what share the loss of the largest width exceeds the lowest loss (0.25: a quarter more)
    """
    ### BEGIN SOLUTION
    widths = sorted(table)
    losses = [table[width][2] for width in widths]
    return {
        "always_better": all(losses[k + 1] < losses[k] for k in range(len(losses) - 1)),
        "best_width": widths[losses.index(min(losses))],
        "price_of_largest": losses[-1] / min(losses) - 1,
    }
    ### END SOLUTION

# %% tests="s001-2.3.1-table"
def public_tests_table():
    two = [
        {"width": 10, "sequences": 7, "losses": [3.0, 1.0, 1.5]},
        {"width": 4, "sequences": 7, "losses": [3.0, 2.0, 2.5]},
    ]
    table = size_table(two, 9, 8, 6, 2)
    assert isinstance(table, dict) and set(table) == {4, 10}, "size_table returns a dict with one entry per width"
    assert all(len(row) == 3 for row in table.values()), "each entry holds parameters, FLOPs and loss"
    assert table[10][2] == 1.0, "the loss of a run is its lowest, not its last: 1.0 here"
    assert table[4][0] < table[10][0] and table[4][1] < table[10][1], "a wider model has more of both"
    assert table[4][1] == training_flops(9, 6, 4, 2, 7), "the FLOPs of training: your own training_flops"
    says = claims({8: (1, 1, 0.5), 2: (1, 1, 2.0), 4: (1, 1, 0.4)})
    assert says["best_width"] == 4, "width 4 has the lowest loss of 2.0, 0.4, 0.5"
    assert not says["always_better"], "from width 4 to width 8 the loss rises from 0.4 to 0.5"
    assert abs(says["price_of_largest"] - 0.25) < 1e-9, "width 8 pays 0.5 where 0.4 is possible: a quarter more"
    print("public tests of 2.1 passed")


public_tests_table()

# %% figure="size-tables"
def table_of(seed):
    rows = [
        {"width": run.width, "sequences": run.sequences, "losses": list(run.losses)}
        for run in translators if run.seed == seed
    ]
    return size_table(rows, size_runs.VOCAB, size_runs.CONTEXT, size_runs.LENGTH, size_runs.LAYERS)


def print_tables():
    for seed in size_runs.SEEDS:
        table = table_of(seed)
        print(f"seed {seed}   width  parameters  training FLOPs   validation loss")
        for width, (parameters, flops, loss) in sorted(table.items()):
            print(f"{width:>14} {parameters:>11,} {flops:>15.3g} {loss:>17.3f}")
        print("        ", claims(table))


when_ready("size_table", print_tables)

# %% figure="picture-sizes"
when_ready("size_table", lambda: scaling_pictures.loss_against_size(translators, size_runs.baselines()))

# %% [markdown]
# The crosses are *training* losses. The dashed lines are what it costs to know how frequent each letter is (unigram), or
# each letter after the one before (bigram), without looking at the word. The floor is 0, since a translation follows from
# its word. Keep the picture in mind: you will be asked what it says.
#
# **Write it down** (s001-2.3.1, reasons; read by a person). A report on such a table said: "Loss decreases with size up
# to width 96 and increases at 128. So 96 is the optimal size, and 128 overfits." (a) Which parts of this does your
# table support, in all three seeds, and which not? (b) Is overfitting the reason where the largest width is worse? Say
# what you would see if it were. (c) Name one thing that the experiment kept equal for all widths and that may favour
# some of them.

# %% [markdown] answer="s001-2.3.1-reasons" grade_id="reasons-s001-2_3_1"
# ### BEGIN SOLUTION
# (a) In all three seeds the loss falls from width 16 to 32 and on to 48, by a factor of four to six in all; that is supported. Up to
# 96 it does not fall at every step: from 48 to 64 it rises in seed 0, and from 64 to 96 it more than doubles in seed 1. The lowest loss
# is at 96 in two seeds and at 64 in one, so "96 is optimal" is not supported; the optimum is somewhere in that region. That 128 is
# worse is true in all three seeds, by factors between 3.6 and 8.5.
#
# (b) No. Overfitting would be a low training loss under a high validation loss. At width 128 the training loss is high as well (0.48
# to 0.98, where the best widths reach 0.08 to 0.17) and the gap between the two is no reason for the difference. These models have not
# learned enough, not too much.
#
# (c) The learning rate, 0.003 for all, may suit narrow models better than wide ones. (A run that is not in the table says so for
# width 128 and one seed: with 0.001 it ends at 0.57 where it had 1.13. Part 5 prints it. The table alone cannot show it.) (The number of epochs is equal too, hence of updates, while the compute grows 50-fold from the
# first width to the last.)
# ### END SOLUTION
