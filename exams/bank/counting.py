"""Parameters and shapes: what a layer holds, and how large what it gives is."""

from __future__ import annotations

from autograder.questions import Draws, Numeric, Slip, template


@template("linear-parameters", topic="counting", source="s003-3a", title="A linear layer", minutes=2, level=1)
def linear_parameters(draw: Draws) -> Numeric:
    i, o, b = draw.pick((24, 48, 96, 160)), draw.pick((10, 30, 50, 70)), draw.pick((16, 32, 64))
    return Numeric(
        f"A linear layer with bias turns vectors of {i} numbers into vectors of {o}. It is trained with batches of {b}. "
        "How many parameters does it have?",
        i * o + o,
        (
            Slip(i * o, "forgets the bias", "Each output has a bias besides its weights."),
            Slip(i * o + i, "one bias for each input", "The bias is added to the outputs, so it has their number."),
            Slip(i * o + 1, "one bias for all", "Each output has a bias of its own."),
            Slip(b * (i * o + o), "parameters for each example", "All examples of a batch use the same parameters."),
        ),
        f"$i \\cdot o + o = {i} \\cdot {o} + {o}$",
        "parameters",
    )


@template("conv-parameters", topic="counting", source="s003-3a", title="A convolution", minutes=2, level=1)
def conv_parameters(draw: Draws) -> Numeric:
    c, o, k, side = draw.pick((3, 8, 16)), draw.pick((10, 20, 40)), draw.pick((3, 5)), draw.pick((28, 32, 64))
    return Numeric(
        f"A convolution with kernels of {k} × {k} and a bias reads images of {side} × {side} with {c} channels and gives "
        f"{o} channels. How many parameters does it have?",
        o * (k * k * c + 1),
        (
            Slip(o * k * k * c, "forgets the bias", "Each output channel has a bias as well."),
            Slip(o * (k * k + 1), "a kernel sees one channel", "A kernel reads all input channels, not one."),
            Slip(k * k * c + 1, "one kernel in all", "Each output channel has kernels of its own."),
            Slip(
                o * (k * k * c + 1) * side * side,
                "new weights at each place",
                "The same kernels are used at every place: that is what makes it a convolution.",
            ),
        ),
        f"$o\\,(k^2 c + 1) = {o}\\,({k}^2 \\cdot {c} + 1)$",
        "parameters",
    )


@template(
    "separable-parameters", topic="counting", source="s003-3b", title="Depthwise, then pointwise", minutes=3, level=2
)
def separable_parameters(draw: Draws) -> Numeric:
    c, o, k = draw.pick((8, 12, 16, 24)), draw.pick((20, 30, 40, 60)), draw.pick((3, 5))
    return Numeric(
        f"A depthwise separable convolution from {c} to {o} channels: first a kernel of {k} × {k} for each input channel by "
        "itself, then a convolution of 1 × 1 over all channels. Neither has a bias. How many parameters has it?",
        k * k * c + c * o,
        (
            Slip(k * k * c * o, "counts a full convolution", "In the first step no kernel reads more than one channel."),
            Slip(k * k + c * o, "one kernel for all channels", "In the first step each input channel has its own kernel."),
            Slip(k * k * o + c * o, "a kernel for each output channel", "The first step does not change the number of channels."),
            Slip(k * k * c, "forgets the second step", "The 1 × 1 convolution that mixes the channels has weights, too."),
        ),
        f"$k^2 c + c\\,o = {k}^2 \\cdot {c} + {c} \\cdot {o}$",
        "parameters",
    )  # fmt: skip


@template(
    "attention-parameters", topic="counting", source="s000-4.1a", title="A layer of attention", minutes=2, level=1
)
def attention_parameters(draw: Draws) -> Numeric:
    heads, size, n = draw.pick((2, 4, 8)), draw.pick((16, 32, 64)), draw.pick((50, 100, 200))
    h = heads * size
    return Numeric(
        f"Multi-head self-attention on vectors of {h} numbers, with {heads} heads of {size} each: projections to queries, keys "
        f"and values, and one for the output, all from {h} to {h}, without bias. It reads {n} tokens. How many parameters does it have?",
        4 * h * h,
        (
            Slip(3 * h * h, "forgets the output projection", "What the heads give is projected once more."),
            Slip(4 * h * h * heads, "full projections for each head", "Each head projects to a part of the vector; together the heads fill one matrix."),
            Slip(3 * h * size + h * h, "counts one head", "Each head has projections of its own."),
            Slip(4 * h * h + n * n, "counts the weights of attention", "The attention weights are computed from the tokens. They are no parameters."),
        ),
        f"$4 h^2 = 4 \\cdot {h}^2$: the heads share the columns of one matrix each for queries, keys and values",
        "parameters",
    )  # fmt: skip


@template("block-parameters", topic="counting", source="s000-5.1.9a", title="A Transformer block", minutes=4, level=3)
def block_parameters(draw: Draws) -> Numeric:
    d, heads = draw.pick((16, 24, 32, 40, 48, 64)), draw.pick((2, 4, 8))
    return Numeric(
        f"A Transformer block with d = {d} and {heads} heads: four projections d × d with bias, a network d → 4d → d with biases, and two "
        "layer norms with scale and shift. How many parameters does it have?",
        12 * d * d + 13 * d,
        (
            Slip(12 * d * d, "forgets biases and norms", "Biases, and scale and shift of the norms, are parameters."),
            Slip(12 * d * d + 9 * d, "forgets the norms", "A layer norm has a scale and a shift for each of its numbers."),
            Slip(8 * d * d + 13 * d, "one matrix in the network", "The network has two matrices: there and back."),
            Slip(11 * d * d + 13 * d, "three projections", "Queries, keys, values, and the output: that is one more."),
        ),
        f"$4(d^2 + d) + (8 d^2 + 5 d) + 4 d = 12 d^2 + 13 d$ with $d = {d}$",
        "parameters",
    )  # fmt: skip


@template("lora-parameters", topic="counting", source="s003-7a", title="Low-rank adapters", minutes=2, level=2)
def lora_parameters(draw: Draws) -> Numeric:
    d, o, r, layers = draw.pick((200, 400, 600)), draw.pick((100, 300, 500)), draw.pick((2, 4, 8)), draw.pick((6, 12))
    return Numeric(
        f"LoRA adds a product of two thin matrices of rank {r} to one matrix of {d} × {o} in each of {layers} layers. The model "
        "itself is frozen. How many parameters are trained?",
        layers * r * (d + o),
        (
            Slip(layers * r * d * o, "multiplies the sizes", "The two thin matrices have r rows or columns each: their sizes add up."),
            Slip(layers * d * o, "trains the matrix itself", "The matrix itself is frozen; what is trained are the thin ones."),
            Slip(r * (d + o), "counts one layer", "Each layer has an adapter of its own."),
            Slip(2 * layers * r * d, "takes the matrix for a square one", "The two thin matrices differ in size: one fits the inputs, one the outputs."),
        ),
        f"$L\\,r\\,(d + o) = {layers} \\cdot {r} \\cdot ({d} + {o})$",
        "parameters",
    )  # fmt: skip


@template("soft-prompt-parameters", topic="counting", source="s003-7b", title="A soft prompt", minutes=2, level=1)
def soft_prompt_parameters(draw: Draws) -> Numeric:
    tokens, d, layers, v = (
        draw.pick((5, 10, 20)),
        draw.pick((768, 1024, 5120)),
        draw.pick((12, 24, 40)),
        draw.pick((30_000, 50_000)),
    )
    return Numeric(
        f"A soft prompt of {tokens} trained vectors is put before the embedded text of a frozen model with {layers} layers, vectors of {d:,} "
        f"numbers and a vocabulary of {v:,}. How many parameters are trained for one task?",
        tokens * d,
        (
            Slip(tokens * d * layers, "a prompt in each layer", "A soft prompt stands before the first layer only."),
            Slip(tokens * v, "one-hot vectors", "The vectors live where embeddings live, not among the words of the vocabulary."),
            Slip(tokens, "hard prompt: one number per token", "What is trained are vectors, not the numbers of words."),
            Slip((tokens + v) * d, "trains the embedding, too", "The table of embeddings is a part of the frozen model."),
        ),
        f"$t\\,d = {tokens} \\cdot {d}$",
        "parameters",
    )  # fmt: skip


@template("conv-size", topic="counting", source="s003-3a", title="How large is what comes out?", minutes=2, level=1)
def conv_size(draw: Draws) -> Numeric:
    n, k, s, p = draw.integer(30, 60), draw.pick((5, 7, 9)), draw.pick((2, 3)), draw.integer(0, 1)
    p += s
    out = (n + 2 * p - k) // s + 1
    return Numeric(
        f"A sequence of {n} places is read by a one-dimensional convolution with kernel size {k}, stride {s} and {p} zeros added at "
        "either end. How many places has the output?",
        out,
        (
            Slip(
                (n + 2 * p - k) // s,
                "forgets the first place",
                "The kernel's first place counts before it moves at all.",
            ),
            Slip(n + 2 * p - k + 1, "forgets the stride", "With a larger stride, places are passed over."),
            Slip((n - k) // s + 1, "forgets the zeros", "The zeros that are added are read as well."),
        ),
        f"$\\lfloor ({n} + 2 \\cdot {p} - {k}) / {s} \\rfloor + 1$",
        "places",
    )


@template("receptive-field", topic="counting", source="s001-1.3.1", title="How far back it hears", minutes=3, level=2)
def receptive_field(draw: Draws) -> Numeric:
    k, layers = draw.pick((3, 5)), draw.integer(3, 8)
    reach = sum((k - 1) * 2**layer for layer in range(layers))
    return Numeric(
        f"{layers} causal convolutions stand one after the other, all with kernel size {k} and stride 1. The dilation is 1 in the first "
        "and doubles from each to the next. On how many input places, itself included, does one output place depend?",
        1 + reach,
        (
            Slip(reach, "forgets the place itself", "The place itself is one of those that it hears."),
            Slip(1 + layers * (k - 1), "forgets the dilation", "With dilation the taps of a kernel stand apart."),
            Slip(1 + (k - 1) * 2 ** (layers - 1), "the last layer alone", "What a layer hears has heard others itself: the reaches add up."),
            Slip(k**layers, "multiplies the kernel sizes", "Reaches of layers in a row add up; they do not multiply."),
        ),
        f"$1 + (k-1)(2^L - 1)$ with $k = {k}$, $L = {layers}$",
        "places",
    )  # fmt: skip


@template(
    "mask-entries", topic="counting", source="s001-2.1.2", title="What a causal mask lets through", minutes=2, level=1
)
def mask_entries(draw: Draws) -> Numeric:
    n, p = draw.integer(12, 30), draw.integer(3, 8)
    return Numeric(
        f"A decoder-only model reads a prompt of {p} tokens, all of which see each other, followed by {n} tokens that see the prompt, themselves and "
        "what came before. How many pairs (query, key) does the mask allow?",
        p * p + n * p + n * (n + 1) // 2,
        (
            Slip((n + p) * (n + p + 1) // 2, "causal from the start", "Within the prompt every token sees every other."),
            Slip(p * p + n * p + n * (n - 1) // 2, "a token does not see itself", "Each token sees itself as well."),
            Slip(p * p + n * (n + 1) // 2, "the text does not see the prompt", "Each later token sees the whole prompt."),
            Slip((n + p) ** 2, "no mask", "Later tokens are hidden from earlier ones."),
        ),
        f"$p^2 + n p + n(n+1)/2$ with $p = {p}$, $n = {n}$",
        "pairs",
    )  # fmt: skip
