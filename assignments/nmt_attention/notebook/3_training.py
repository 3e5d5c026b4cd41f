# %% [markdown]
# # Part 3: Training the translator
#
# ## 3.1 What is trained, and on what
#
# **The task.** Pig Latin by rule: a word that begins with a vowel gets `way` (`apple`, `appleway`);
# otherwise all consonants before the first vowel go to the end, followed by `ay` (`string`, `ingstray`);
# `qu` moves together (`queen`, `eenquay`); `y` is a vowel unless it begins the word. Nobody tells the
# network these rules. It reads pairs and writes one letter after the other.
#
# **The data.** Two training sets. `small` holds about 2,600 words, `large` about 15,600, and all of `small`
# is in it. Both are judged on the **same** 658 validation words, which are in neither. Which word goes
# where is decided by a hash of the word, so it is the same on every machine.
#
# **The model.** Letters and positions (your `sinusoidal`) go in. The encoder applies your
# `ScaledDotAttention` to the source. The decoder applies your `CausalScaledDotAttention` to what is written
# so far, and your `ScaledDotAttention` to ask the encoder. After each attention the input is added again (a
# residual), and a small MLP follows. One layer each.
#
# ```text
#  s t r i n g <EOS>                      <SOS> i n g s t r a
#        |                                        |
#  embed + positions                      embed + positions
#        |                                        |
#  self-attention, MLP  ------------+     causal self-attention
#        |                          |             |
#     states                        +-->  cross-attention, MLP
#                                                 |
#                                          i n g s t r a y
# ```
#
# **The cost is equal.** A *round* shows 2,600 words, drawn anew, in batches of 64; each run has 36 rounds.
# So on `small` each word is seen 36 times, on `large` about 6 times, and every run makes the same number of
# updates. What differs between the sets is owed to the *variety* of the words, not to longer training.
#
# **The loss** is the cross-entropy per letter of the translation (and its end sign), in nats (with the natural
# logarithm: a letter that was given the probability $p$ costs $-\ln p$), averaged over all *letters* of the
# validation words. A mean of the means of batches would be another number: batches differ in size.

# %% locked="training-setup"
from seq2kit.translation import pictures as translation_pictures
from seq2kit.translation.piglatin import load_pairs, pig_latin
from seq2kit.profiles import by_profile
from seq2kit.translation.seq2seq import MAX_LENGTH, EncoderDecoder, count_parameters
from seq2kit.training import Recipe, Run, fit
from seq2kit.translation.translate import Vocabulary, batches, exact_match, translate, translation_loss, unigram_loss

WIDTHS, SETS, SEEDS = (32, 64), ("small", "large"), (1, 2, 3)
WORDS_PER_ROUND, BATCH = 2600, 64
RECIPE = Recipe(epochs=by_profile(full=36, fast=3), rate=3e-3, warmup=100, floor=0.02)
vocabulary = Vocabulary()


def new_translator(hidden, seed):
    """An untrained translator of this width, made of your layers and your positions."""
    torch.manual_seed(seed)
    codes = torch.as_tensor(sinusoidal(MAX_LENGTH, hidden))
    return EncoderDecoder(len(vocabulary), hidden, 1, ScaledDotAttention, CausalScaledDotAttention, codes)


def fit_translator(model, data, seed, progress=True):
    """Train `model` on the set `data` ("small" or "large"), and return the Run with its history."""
    pairs = load_pairs(data)

    def one_round(generator):
        chosen = torch.randperm(len(pairs.train), generator=generator)[:WORDS_PER_ROUND].tolist()
        return batches([pairs.train[i] for i in chosen], vocabulary, BATCH, generator)

    validation = batches(pairs.validation, vocabulary, 256)
    label = f"hidden {len(model.output.weight[0])}, {data}, seed {seed}"
    return fit(model, translation_loss, one_round, validation, RECIPE, seed=seed, label=label, progress=progress)


def train_translator(hidden, data, seed):
    """The Run of one configuration: loaded from the folder checkpoints/ where it is there, else trained and saved."""
    name = f"translator-h{hidden}-{data}-{seed}"
    model = new_translator(hidden, seed)
    return checkpoints.train_or_load(name, model, lambda fresh: fit_translator(fresh, data, seed))


for data in SETS:
    pairs = load_pairs(data)
    print(f"{data}: {len(pairs.train)} words to train on, {len(pairs.validation)} to validate; e.g. {pairs.train[7]}")
print(f"loss of guessing letters by their frequency: {unigram_loss(load_pairs('small')):.2f} nats")

# %% [markdown]
# ## 3.2 Train, and fill in the table
#
# `train_translator(hidden, data, seed)` trains one translator and keeps it in `checkpoints/`. Call it again and
# it is loaded at once. It returns a `Run`:
#
# | attribute | |
# |---|---|
# | `run.validation_losses` | tuple: the validation loss after each round, nats per letter |
# | `run.train_losses` | tuple: the training loss of each round |
# | `run.model` | the model, with the weights of the round whose validation loss was lowest |
# | `run.seed`, `run.updates`, `run.seconds` | how it came about |
#
# **Your task** (s001-2.1.4a). Train all twelve runs: widths 32 and 64, sets `"small"` and `"large"`, three
# seeds each. Keep them in `runs`, under the keys `(hidden, data, seed)`. Then fill in `val_table`, under
# the keys `(hidden, data)`: for each run take the **lowest** validation loss of all its rounds, and for
# each configuration the **mean** of these numbers over its seeds. Do not round.
#
# **Hand in `checkpoints/`, too.** Nobody will train your models again: they are loaded, put to work on words
# that you have never seen, and compared with your table.
#
# **In a hurry?** Set the environment variable `SEQ2GRADE_PROFILE=fast` before you start Jupyter: 3 rounds
# per run instead of 36, half a minute in all. That shows that your code runs; the models know little, lie
# in `checkpoints-fast/`, and cannot be handed in. If you change a layer after training, delete the folder:
# old weights belong to old layers.
#
# **Traps.** The last round need not be the best. The best of three seeds is not what a fourth would get:
# that is what a mean over seeds tells. And a key typed as `(64, "small")` in the wrong line makes a fine
# table with a wrong message.

# %% answer="s001-2.1.4a"
runs = {}  # (hidden, data, seed) -> Run
val_table = {}  # (hidden, data) -> mean over the seeds of the lowest validation loss
### BEGIN SOLUTION
for hidden in WIDTHS:
    for data in SETS:
        for seed in SEEDS:
            runs[hidden, data, seed] = train_translator(hidden, data, seed)
        lowest = [min(runs[hidden, data, seed].validation_losses) for seed in SEEDS]
        val_table[hidden, data] = sum(lowest) / len(lowest)
### END SOLUTION

# %% tests="s001-2.1.4a"
def public_tests_table():
    cells = {(hidden, data) for hidden in WIDTHS for data in SETS}
    assert set(val_table) == cells, f"val_table needs the four keys {sorted(cells)}, and has {sorted(val_table)}"
    assert {key[:2] for key in runs} == cells, "runs needs runs of all four configurations"
    for key, run in runs.items():
        assert isinstance(run, Run), f"runs[{key}] should be what train_translator returned"
    for cell in cells:
        seeds = [key[2] for key in runs if key[:2] == cell]
        assert len(seeds) >= 3, f"three seeds for each configuration; {cell} has {len(seeds)}"
        assert 0 < val_table[cell] < math.log(len(vocabulary)), (
            f"val_table[{cell}] should be a loss in nats, below ln {len(vocabulary)}, that of a blind guess"
        )
    print("public tests of 3.2 passed")


public_tests_table()

# %% [markdown]
# **Your results.** The table, the spread over the seeds, and the share of validation words (every third of
# them) that are translated right in *every* letter. Compare the distance between two configurations with
# the spread within each: that is the difference between a finding and luck.

# %% figure="picture-results"
def picture_of_results():
    some = load_pairs("small").validation[::3]
    words, truths = [word for word, _ in some], [translation for _, translation in some]
    print("hidden  set     mean of lowest losses   all seeds                 words all right   parameters")
    results = {}
    for (hidden, data), mean in val_table.items():
        chosen = [run for key, run in runs.items() if key[:2] == (hidden, data)]
        right = [exact_match(translate(run.model, words, vocabulary), truths) for run in chosen]
        results[f"hidden {hidden}\n{data}"] = [run.best_loss for run in chosen]
        losses = " ".join(f"{run.best_loss:.4f}" for run in chosen)
        share = f"{100 * sum(right) / len(right):5.1f} %"
        print(f"{hidden:6d}  {data:6s}  {mean:21.4f}   {losses:24s}  {share:>15s}  {count_parameters(chosen[0].model):11d}")
    return translation_pictures.spread(results, "lowest validation loss (nats per letter)", logarithmic=True)


pictures.when_ready("val_table", picture_of_results)

# %% [markdown]
# **The curves** of the first seed of each configuration. Where thin and thick lines part, the network gets
# better at words it has seen and no longer at new ones.

# %% figure="picture-curves"
def picture_of_curves():
    first = {f"hidden {h}, {data}": runs[h, data, seed] for h, data, seed in runs if seed == SEEDS[0]}
    return translation_pictures.loss_curves(first, {"letters by frequency": unigram_loss(load_pairs("small"))})


pictures.when_ready("runs", picture_of_curves)

# %% [markdown]
# ## 3.3 Say what your table shows
#
# **Why.** Twelve numbers do not speak for themselves, and it is easy to read into them what one has read
# elsewhere. Published tables of this very experiment disagree about the effect of more data: three of the four
# that we know have a lower loss on the larger set at both widths, and one has a *higher* one, at both widths.
#
# **Your task** (s001-2.1.4b). Five claims about **your** `val_table`:
#
# | key | True if |
# |---|---|
# | `hidden_helps_small` | on the small set, width 64 has a lower loss than width 32 |
# | `hidden_helps_large` | the same on the large set |
# | `data_helps_32` | at width 32, the large set gives a lower loss than the small one |
# | `data_helps_64` | the same at width 64 |
# | `gap_shrinks` | the distance between the losses on the small and on the large set is smaller at width 64 than at width 32 |
#
# Each is `True`, `False`, or `"no clear effect"`. The last is accepted for the first four where the lowest
# losses of the seeds of the two configurations overlap (some seed of the worse one beats some seed of the
# better one). You may compute the claims or read them off.

# %% answer="s001-2.1.4b"
claims = {
    "hidden_helps_small": None,
    "hidden_helps_large": None,
    "data_helps_32": None,
    "data_helps_64": None,
    "gap_shrinks": None,
}
### BEGIN SOLUTION
gap = {hidden: abs(val_table[hidden, "small"] - val_table[hidden, "large"]) for hidden in WIDTHS}
claims = {
    "hidden_helps_small": val_table[64, "small"] < val_table[32, "small"],
    "hidden_helps_large": val_table[64, "large"] < val_table[32, "large"],
    "data_helps_32": val_table[32, "large"] < val_table[32, "small"],
    "data_helps_64": val_table[64, "large"] < val_table[64, "small"],
    "gap_shrinks": gap[64] < gap[32],
}
### END SOLUTION

# %% tests="s001-2.1.4b"
def public_tests_claims():
    wanted = {"hidden_helps_small", "hidden_helps_large", "data_helps_32", "data_helps_64", "gap_shrinks"}
    assert set(claims) == wanted, f"claims needs the keys {sorted(wanted)}"
    for name, claim in claims.items():
        assert claim is not None, f"{name}: replace None by True, False or 'no clear effect'"
    print("public tests of 3.3 passed (they do not look at what you claim)")


public_tests_claims()

# %% [markdown]
# **Write it down** (s001-2.1.4b, in words; read by a person). In at most eight sentences, and with numbers
# from your table: what does width do, and is the effect larger than the spread over seeds? What do more
# words do, at either width? Is that what you expected? And what do these runs *not* show: think of the
# number of updates, of the validation words, and of what else would have to be varied before one could say
# "more data help".

# %% [markdown] answer="s001-2.1.4b-text" grade_id="text-s001-2_1_4b"
# ### BEGIN SOLUTION
# *Width.* Going from 32 to 64 lowers the loss on both sets, by a factor of about 2.5 on the small set and
# nearly 7 on the large one; the runs of the two widths do not overlap for any seed, so this is no luck of
# the draw. The training loss falls as well, so this is not a matter of overfitting: after as many updates the
# narrow model has learned less. That it cannot hold more is one explanation (a wider layer can keep more about
# each letter and its place), that it learns more slowly is another. These runs do not tell them apart; longer
# ones might.
#
# *Data.* More words lower the loss at both widths, by a factor of about 2 at 32 and 5 at 64. The large set
# has the *higher* training loss, since each word is seen 6 times instead of 36, and yet the lower
# validation loss: on the small set the wide model learns its words nearly by heart (training loss near
# 0.001, validation loss 0.03), and more variety is what it lacks. In absolute terms the gap between the
# sets shrinks with width, simply because all losses do; as a ratio it grows.
#
# *Not shown.* All runs make the same number of updates with one recipe and one batch size. With fewer
# updates or larger batches the large set may come out worse at width 32: an effect of optimisation, not of
# data. Both sets share their validation words here; losses on different validation sets could not be
# compared at all. Three seeds tell a factor of 2 from luck, but not 10 %.
# ### END SOLUTION

# %% [markdown]
# ## 3.4 Watch it translate
#
# Words of your own, and what four of your translators make of them; an `x` marks a mistake. The lists have
# no words with hyphens: what happens to the last ones, and why?

# %% figure="table-of-translations"
def table_of_translations():
    words = ["string", "queen", "apple", "yellow", "rhythm", "squash", "shrug", "attention", "translator"]
    words += ["blackbird", "well-off", "up-to-date"]
    guesses = {
        f"{h}, {data}": translate(runs[h, data, SEEDS[0]].model, words, vocabulary) for h in WIDTHS for data in SETS
    }
    print(translation_pictures.translation_table(words, [pig_latin(word) for word in words], guesses))


pictures.when_ready("runs", table_of_translations)

# %% [markdown]
# And how: for each letter written, the weights of the cross-attention over the letters read. The first row
# had to *find* the first vowel, and the next ones copy what follows it. Now look at the consonants that
# move to the end: in our runs they are often read off the end sign, or off other letters, and not off
# themselves. That is no error: by then the encoder's self-attention has carried them there. A weight says
# which *vector* is read, not which letter that vector is about, so be careful with stories about attention
# maps. Yours may look different.

# %% figure="picture-translation"
def picture_of_a_translation(word="string"):
    model = runs[64, "large", SEEDS[0]].model
    written = translate(model, [word], vocabulary)[0]
    source = torch.tensor([[*vocabulary.encode(word), vocabulary.eos]])
    target = torch.tensor([[vocabulary.sos, *vocabulary.encode(written)]])
    with torch.no_grad():
        _, weights = model(source, target)
    return translation_pictures.attention_map(weights[-1][0], [*word, "<EOS>"], [*written, "<EOS>"])


pictures.when_ready("runs", picture_of_a_translation)

# %% [markdown]
# **What holds and what does not.** In every run that we made, width 64 beat width 32 on both sets. That
# more words help holds for this recipe; nothing here says that it holds for every budget. The factors depend
# on the number of updates, on the batch size and on the rate. And words that are right in every letter tell
# more than the loss: at a loss of 0.08 nats, one word in seven still has an error.
