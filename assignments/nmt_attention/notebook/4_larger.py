# %% [markdown]
# ## 3.5 On a GPU: the same layers, larger
#
# Your layers know nothing of their size. With `SEQ2GRADE_PROFILE=gpu` set before you start Jupyter, and a GPU, the next cells
# build a translator of them that is eight times as wide and has two layers in each half, and train it on the large set: 6.9M
# parameters. It is kept in `checkpoints-gpu/` and not handed in. Does width go on helping, or are 15,600 words too few for it? Nobody
# has run it here. Your twelve runs are a reason to guess one way or the other; say which before you look.

# %% locked="gpu-size"
from seq2kit import gpu

LARGER = {
    "translator-h512": gpu.Size(
        {"hidden": 512, "layers": 2}, batch=512, updates=4500, rate=2e-4,
        cost=gpu.Cost(parameters=6_875_166, flops=2.74e11, memory=5.8e8),  # words of 11 letters
    )
}


def larger_translator(hidden, layers):
    """An untrained translator of your layers."""
    codes = torch.as_tensor(sinusoidal(MAX_LENGTH, hidden))
    return EncoderDecoder(len(vocabulary), hidden, layers, ScaledDotAttention, CausalScaledDotAttention, codes)


# %% figure="gpu-run"
def larger_run(device, seed=1):
    """The Run of the larger translator: loaded where it is there, else trained on the device."""
    (name, size), pairs = *LARGER.items(), load_pairs("large")

    def one_round(generator):
        return batches(pairs.train, vocabulary, size.batch, generator)

    def train(model):
        count = len(one_round(torch.Generator()))
        recipe = Recipe(epochs=size.updates // count, rate=size.rate, warmup=300, floor=0.02)
        with gpu.placed(model, device):
            return fit(model, translation_loss, one_round, batches(pairs.validation, vocabulary, 256), recipe, seed=seed)

    torch.manual_seed(seed)
    return checkpoints.train_or_load(name, larger_translator(**size.model), train)


def show_larger_run():
    run = gpu.larger(LARGER, larger_run)
    if run:
        words = [word for word, _ in load_pairs("large").validation]
        right = exact_match(translate(run.model, words, vocabulary), [pig_latin(word) for word in words])
        print(f"width 512: lowest validation loss {run.best_loss:.4f}, {100 * right:.1f} % of the words all right")


pictures.when_ready("your layers and positions", show_larger_run)
