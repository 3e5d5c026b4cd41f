# %% [markdown]
# ## 3.4 The full run
#
# **Your task** (s000-5.1.9c). Put it together. If `checkpoints.exists(name)`, load it; else train and save it.
#
# - `checkpoints.save(name, tensors, facts)` writes a dict of tensors and a dict of facts (anything JSON can hold: the log, the
#   seed); `checkpoints.load(name)` gives both back. While your notebook is graded nothing is trained: there
#   `checkpoints.may_train()` is `False`, and `load` says what is missing.
# - Seed PyTorch with `torch.manual_seed(seed)` before you build the model.
# - The model that you return has the **best** weights in it, and is in evaluation mode.


# %% answer="s000-5.1.9c"
def trained(
    name: str,
    config: dict[str, int],
    recipe: dict[str, float],
    text: corpus.Corpus,
    seed: int = 0,
    device: str = "cpu",
) -> tuple[nn.Module, list[Row]]:
    """A GPT(**config) trained on text.train, or loaded if checkpoints/<name> is there.

    recipe: dict with steps, batch, rate, every, for `train`; windows are config["context"] + 1 long, and the validation
    windows are corpus.windows(text.validation, config["context"]).
    Returns (model, log): the model on `device`, with its best weights; rows (step, training loss, validation loss).
    """
    ### BEGIN SOLUTION
    length = config["context"]
    if not checkpoints.exists(name) and checkpoints.may_train():
        torch.manual_seed(seed)
        model = GPT(**config).to(device)
        validation = corpus.windows(text.validation, length)
        log, best = train(model, text.train, validation, length=length, seed=seed, **recipe)
        checkpoints.save(name, best, {"log": log, "seed": seed})
    weights, facts = checkpoints.load(name)
    model = GPT(**config)
    model.load_state_dict(weights)
    return model.to(device).eval(), [tuple(row) for row in facts["log"]]
    ### END SOLUTION


# %% [markdown]
# This takes about half a minute the first time. (Other seeds belong to other names: to train again, delete the file.)

# %% locked="full-run"
RECIPE = {"steps": by_profile(full=800, fast=100), "batch": 32, "rate": 6e-3, "every": by_profile(full=50, fast=25)}

best_model, loss_log = attempt("the full run", lambda: trained("gpt", CONFIG, RECIPE, text)) or (None, [])
if len(loss_log):
    best_row = min(loss_log, key=lambda row: row[2])
    print(f"best validation loss {best_row[2]:.4f} after {best_row[0]} updates; the floor is {FLOOR:.4f}")

# %% tests="s000-5.1.9c"
def public_tests_full_run():
    assert best_model is not None and len(loss_log), "there is no trained model yet: run the cells above until it is trained"
    assert all(len(row) == 3 and all(math.isfinite(value) for value in row) for row in loss_log), (
        "each row of the log is (step, training loss, validation loss), all of them numbers"
    )
    assert len(loss_log) >= 5, "a curve needs five points at least"
    assert abs(loss_log[0][2] - math.log(text.size)) < 0.1, "the first row is from before training: close to ln V"
    assert loss_log[-1][2] < 0.6 * loss_log[0][2], "training should take away at least two fifths of the loss"
    with torch.no_grad():
        windows = corpus.windows(text.validation, CONTEXT)
        again = F.cross_entropy(best_model(windows[:, :-1]).flatten(0, 1), windows[:, 1:].flatten()).item()
    assert abs(again - min(row[2] for row in loss_log)) < 1e-3, (
        "the model that you return should have the lowest validation loss of the log"
    )
    print("public tests of 3.4 passed")


public_tests_full_run()

# %% [markdown]
# **How far from the best?** The red line is the entropy of the language. Nobody gets below it; a curve that does has seen
# what it should predict. The small picture shows the end of the run again, enlarged: there the dotted line is the best that is
# possible on windows of 64 words.

# %% figure="picture-loss"
def picture_of_losses():
    return language_pictures.learning_curves(
        loss_log, floor=FLOOR, window_floor=WINDOW_FLOOR, baselines=BASELINES, title="Loss of the GPT"
    )


def gap_to_the_best():
    windows = corpus.windows(text.validation, CONTEXT)
    best = english.surprise(windows)[:, 1:].mean()
    loss = evaluate(best_model, windows.split(64))
    print(f"on the validation text: model {loss:.4f}, best possible predictor {best:.4f}, gap {loss - best:.4f} nats per word")
    print(f"in the long run: best possible on such windows {WINDOW_FLOOR:.4f}, entropy rate {FLOOR:.4f}")


attempt("the gap", gap_to_the_best, best_model)
attempt("the picture", picture_of_losses, best_model)

# %% [markdown]
# The gap is measured on one and the same text, so it is exact for this text: the best predictor's loss differs from the
# entropy by the luck of the draw, but both models share that luck. What keeps the gap from 0 is training time: in one run it
# was 0.088, 0.029, 0.014 and 0.008 nats after 200, 400, 600 and 800 updates. Where is it made? Word by word, beside the best
# possible predictor:

# %% figure="picture-surprise"
PROBE = "a boat carries the sailor . the whales that the boat follows that the sailors carry follow the boat today ."


def picture_of_surprises():
    ids = text.encode(PROBE)
    with torch.no_grad():
        given = torch.log_softmax(best_model(ids[None, :-1]), -1)[0]
    mine = -given.gather(1, ids[1:, None])[:, 0]
    return language_pictures.surprises(
        PROBE.split()[1:], mine.tolist(), english.surprise(ids)[1:], "Surprise at each word, given all before it"
    )


attempt("the picture", picture_of_surprises, best_model)

# %% [markdown]
# **Where does it look?** One sentence through all heads. At "follows" and at "carry", each the end of a relative clause, the
# model has to predict a verb that agrees with "whales". Does a head look there? Is there one that looks at the word before?

# %% figure="picture-heads"
def picture_of_heads():
    words = PROBE.split()[6:19]
    with torch.no_grad():
        x = best_model.position(best_model.embedding(text.encode(" ".join(words))[None]))
        weights = []
        for block in best_model.blocks:
            weights.append(block.attention(block.norm1(x))[1][0])
            x = block(x)
    return language_pictures.attention_heads(torch.stack(weights), words, "Rows: the word that looks. Columns: where it looks")


attempt("the picture", picture_of_heads, best_model)

# %% [markdown]
# **What the mean hides.** Few words depend on something far back, so a model that cannot look there loses little on average.
# The next cell prints how much, exactly: the best predictor that sees twelve words only comes within 0.006 nats of the best
# there is, nearer than your run does for other reasons; with five words, 0.013. (A GPT that we trained in the same way, each of
# its two layers cut to three words, so that it sees five, came within 0.021.) The mean does not say what a model cannot do.
#
# So ask directly, by *minimal pairs*: two texts that end just before a verb and differ in one word, its subject.
#
# > ... the **boat** that the whales follow that the sailor carries → carries, follows
# >
# > ... the **boats** that the whales follow that the sailor carries → carry, follow
#
# A model is right where it gives the verbs of the right number, all together, a higher probability than the others. Whoever does
# not see the subject has to answer both alike, and is right for exactly one: chance is 0.5. This is how the agreement of
# language models is tested on real text too ([Linzen et al. 2016](https://arxiv.org/abs/1611.01368),
# [Marvin & Linzen 2018](https://arxiv.org/abs/1808.09031)).
#
# Below: your model, against the number of relative clauses in between, four words each; and the best that anybody can do who
# sees the last 5, or the last 12 words. The hidden checks measure the same on other pairs, with one to four clauses.

# %% figure="picture-agreement"
def picture_of_agreement(pairs=50):
    clauses = range(7)
    shares = {"your GPT": [agreement.of_model(best_model, k, pairs) for k in clauses]}
    for words in (12, 5):
        more = english.window_loss(CONTEXT, seen=words) - WINDOW_FLOOR
        print(f"who sees the last {words} words only: at least {more:.4f} nats per word above the best possible on windows")
        shares[f"best that sees {words} words"] = [agreement.of_last_words(words, k, pairs) for k in clauses]
    return language_pictures.agreement_by_distance(shares, "How often the verb agrees with its subject")


attempt("the picture", picture_of_agreement, best_model)

# %% [markdown]
# ## 3.5 The same curve as perplexity
#
# **Your task** (s000-5.1.9b). Turn a log of losses into a log of perplexities, row by row.


# %% answer="s000-5.1.9b"
def perplexity_log(log: list[Row]) -> list[Row]:
    """Rows (step, training loss, validation loss), in nats -> list of rows (step, training ppl, validation ppl)."""
    ### BEGIN SOLUTION
    return [(step, ppl(train_loss), ppl(validation_loss)) for step, train_loss, validation_loss in log]
    ### END SOLUTION


# %% locked="perplexity-run"
def run_perplexities():
    made = perplexity_log(loss_log)
    for row in made[:: max(1, len(made) // 5)]:
        print("after {:>4.0f} updates: training {:7.3f}, validation {:7.3f}".format(*map(float, row)))
    return made


ppl_log = attempt("the log of perplexities", run_perplexities, best_model)

# %% tests="s000-5.1.9b"
def public_tests_perplexity_log():
    small = perplexity_log([(0, math.log(8), math.log(9)), (10, 0.0, math.log(2))])
    assert [row[0] for row in small] == [0, 10], "the steps stay what they are"
    assert abs(small[0][1] - 8) < 1e-9 and abs(small[0][2] - 9) < 1e-9, "a loss of ln 8 is a perplexity of 8"
    assert ppl_log is not None and len(ppl_log), "the log of the full run is missing"
    assert abs(ppl_log[0][2] / text.size - 1) < 0.1, "an untrained model is as unsure as if all 70 words were equally likely"
    assert ppl_log[-1][2] < 0.3 * ppl_log[0][2], "at the end the perplexity is a small part of what it was"
    print("public tests of 3.5 passed")


public_tests_perplexity_log()

# %% figure="picture-perplexity"
attempt(
    "the picture",
    lambda: language_pictures.learning_curves(
        ppl_log, floor=FLOOR, baselines=BASELINES, perplexity=True, title="Perplexity of the GPT"
    ),
    ppl_log,
)
