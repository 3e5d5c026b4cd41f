# %% [markdown]
# # Part 9: On a GPU, larger
#
# "Nothing here is large." With `SEQ2GRADE_PROFILE=gpu` set before you start Jupyter, and a GPU, the comparison is made once more:
# three models of 5.4M parameters, a hundred times those of part 6, on six times the words. They are kept in `checkpoints-gpu/` and
# not handed in. Nobody has run it here, and one seed each settles nothing. Does the order of part 6 stay? Guess first.
#
# Look at the FLOPs below. The sizes are equal to 0.3 %, and yet one update of the encoder-decoder costs half as much: each of its
# halves reads only its own side, while every layer of the decoder-only model reads source and translation. "Equal size" and
# "equal compute" are different comparisons.

# %% locked="gpu-size"
from seq2kit import gpu

ONE_STACK = gpu.Size(
    {"hidden_size": 384, "num_layers": 6}, batch=512, updates=2200, rate=2e-4,
    cost=gpu.Cost(parameters=5_360_670, flops=4.34e11, memory=1.1e9),  # words of 11 letters
)
LARGER = {
    "encoder_decoder-large": gpu.Size(
        {"hidden": 332, "layers": 3}, batch=512, updates=2200, rate=2e-4,
        cost=gpu.Cost(parameters=5_347_222, flops=2.15e11, memory=6.8e8),
    ),
    "decoder_only-large": ONE_STACK,
    "prefix-large": ONE_STACK,
}


def larger_model(name, size):
    """An untrained model of this kind."""
    if name == "encoder_decoder-large":
        attentions = {"attention": LibraryAttention, "causal_attention": LibraryCausalAttention}
        return EncoderDecoder(len(vocabulary), **size.model, **attentions)
    return DecoderOnlyTransformer(len(vocabulary), **size.model, max_len=MAX_LEN)


# %% figure="gpu-run"
def larger_run(name, device, seed=0):
    """The Run of this model: loaded where it is there, else trained on the device."""
    size, pairs, kind = LARGER[name], load_pairs("large"), name.removesuffix("-large")
    end = vocabulary.eos if kind == "encoder_decoder" else vocabulary.eop

    def one_round(generator):
        return batches(pairs.train, vocabulary, size.batch, generator, end=end)

    def train(model):
        epochs = size.updates // len(one_round(torch.Generator()))
        own = Recipe(epochs=epochs, rate=size.rate, warmup=300)
        with gpu.placed(model, device):
            return fit(model, loss_of(kind), one_round, batches(pairs.validation, vocabulary, 256, end=end), own, seed=seed)

    torch.manual_seed(seed)
    return checkpoints.train_or_load(name, larger_model(name, size), train)


def show_larger_runs():
    runs = gpu.larger(LARGER, lambda device: {name: larger_run(name, device) for name in LARGER})
    for name, run in (runs or {}).items():
        print(f"{name}: lowest validation loss {run.best_loss:.4f}")


pictures.when_ready("the model", show_larger_runs)
