"""What it costs: multiplications, memory, messages."""

from __future__ import annotations

from autograder.questions import Draws, Numeric, Slip, template
from autograder.questions.templates import CLOSE


@template(
    "attention-macs", topic="costs", source="s000-4.1a", title="Multiplications of self-attention", minutes=3, level=2
)
def attention_macs(draw: Draws) -> Numeric:
    n, h = draw.pick((10, 20, 30, 40, 50)), draw.pick((40, 60, 70, 100))
    return Numeric(
        f"One head of self-attention reads {n} tokens of {h} numbers each and projects them to queries, keys and values of {h} numbers; there is no output "
        "projection. How many multiplications do the projections, the scores and the weighted sums take together? (Leave the softmax out.)",
        3 * n * h * h + 2 * n * n * h,
        (
            Slip(2 * n * n * h, "forgets the projections", "Queries, keys and values have to be computed first."),
            Slip(3 * n * h * h + n * n * h, "forgets the weighted sums", "The scores weigh the values: that takes as many multiplications as the scores."),
            Slip(3 * n * h * h, "projections only", "Each query meets each key, and each weight a value."),
            Slip(3 * n * h + 2 * n * n * h, "a projection is a scaling", "A projection is a matrix: each number that comes out takes h multiplications."),
        ),
        f"$3 n h^2 + 2 n^2 h$ with $n = {n}$, $h = {h}$",
        "multiplications",
    )  # fmt: skip


@template("crossover-length", topic="costs", source="s000-4.1a", title="When the square takes over", minutes=3, level=3)
def crossover_length(draw: Draws) -> Numeric:
    h = 64 * draw.integer(2, 16)
    return Numeric(
        f"One head of self-attention with vectors of {h} numbers projects to queries, keys and values (no output projection). From which length on do scores and weighted sums take as many "
        "multiplications as the projections?",
        3 * h // 2,
        (
            Slip(3 * h, "counts the scores alone", "The weighted sums take as many multiplications as the scores."),
            Slip(h // 2, "counts one projection", "There are three projections: queries, keys and values."),
            Slip(h, "where n equals h", "Write both costs down, and compare what stands before the powers."),
        ),
        f"$3 n h^2 = 2 n^2 h$ at $n = 3h/2$, $h = {h}$",
        "tokens",
    )  # fmt: skip


@template(
    "low-rank-macs", topic="costs", source="s000-4.4b", title="Attention with projected length", minutes=3, level=2
)
def low_rank_macs(draw: Draws) -> Numeric:
    n, k, h = draw.pick((100, 200, 300, 400)), draw.pick((5, 10, 20)), draw.pick((30, 40, 60))
    return Numeric(
        f"Keys and values of {n} tokens ({h} numbers each) are projected to {k} places: $Q (C K)^T (D V)$ with $C$ and $D$ of {k} × {n}, in the best order. "
        "There is no softmax. How many multiplications are the four products? ($Q$, $K$, $V$ are there.)",
        4 * n * k * h,
        (
            Slip(2 * n * n * h, "forms the n × n matrix", "In the best order no matrix of n × n ever arises."),
            Slip(2 * n * k * h, "forgets the projections of the length", "CK and DV are products, too."),
            Slip(3 * n * k * h, "counts three products", "Count them: CK, DV, the scores, and the weighted sums."),
            Slip(4 * k * k * h, "projects the queries as well", "The queries keep their length: an output for each token."),
        ),
        f"four products of $n k h$: $4 \\cdot {n} \\cdot {k} \\cdot {h}$",
        "multiplications",
    )  # fmt: skip


@template("kv-cache", topic="costs", source="s000-4.1b", title="What a cache holds", minutes=3, level=2)
def kv_cache(draw: Draws) -> Numeric:
    layers, h, n, heads = (
        draw.pick((12, 24, 36)),
        draw.pick((512, 768, 1024)),
        draw.pick((500, 1000, 2000)),
        draw.pick((8, 16)),
    )
    return Numeric(
        f"A decoder-only model with {layers} layers and vectors of {h} numbers ({heads} heads that share them) has read {n} tokens. Its cache keeps keys and values "
        "in 2 bytes a number. How large is the cache, in megabytes of 1,000,000 bytes?",
        2 * layers * n * h * 2 / 1e6,
        (
            Slip(layers * n * h * 2 / 1e6, "keys only", "Values are kept beside the keys."),
            Slip(2 * n * h * 2 / 1e6, "one layer", "Each layer has keys and values of its own."),
            Slip(2 * layers * n * h * 2 * heads / 1e6, "full vectors for each head", "The heads share the numbers of a vector."),
            Slip(3 * layers * n * h * 2 / 1e6, "keeps queries as well", "A past query is never asked again."),
        ),
        f"$2 \\cdot L \\cdot n \\cdot h \\cdot 2$ bytes with $L = {layers}$, $n = {n}$, $h = {h}$",
        "MB",
        CLOSE,
    )  # fmt: skip


@template("ring-messages", topic="costs", source="s003-8iii", title="Messages in a ring", minutes=3, level=2)
def ring_messages(draw: Draws) -> Numeric:
    n = draw.integer(5, 16)
    return Numeric(
        f"{n} workers average their gradients in a ring: the gradient is cut into {n} chunks, which go round once to be added up and once more "
        "to be handed on. How many messages are sent in all?",
        2 * n * (n - 1),
        (
            Slip(n * (n - 1), "one round", "Adding up is one round; then the sums have to reach everybody."),
            Slip(
                2 * n * n,
                "n steps a round",
                "A chunk is where it has to be after one step less than there are workers.",
            ),
            Slip(2 * (n - 1), "counts one worker", "In each step every worker sends."),
            Slip(2 * n, "one message each way", "Each round takes several steps, in each of which everybody sends."),
        ),
        f"$2\\,n\\,(n-1) = 2 \\cdot {n} \\cdot {n - 1}$",
        "messages",
    )


@template("all-to-all-traffic", topic="costs", source="s003-8i", title="Everybody to everybody", minutes=3, level=2)
def all_to_all_traffic(draw: Draws) -> Numeric:
    n, p = draw.integer(6, 14), draw.pick((20, 40, 50, 80))
    return Numeric(
        f"{n} workers average gradients of {p} MB: each sends its whole gradient to each other one. How much travels in all?",
        n * (n - 1) * p,
        (
            Slip(n * (n - 1) // 2 * p, "each pair once", "Of each pair both need the other's gradient."),
            Slip(n * n * p, "also to itself", "Nobody sends anything to itself."),
            Slip((n - 1) * p, "counts one worker", "Every worker sends, not one of them."),
            Slip(2 * n * p, "a parameter server", "There is no server here: each sends to each other one."),
        ),
        f"$n(n-1)\\,p = {n} \\cdot {n - 1} \\cdot {p}$",
        "MB",
    )


@template("server-traffic", topic="costs", source="s003-8ii", title="A parameter server", minutes=2, level=2)
def server_traffic(draw: Draws) -> Numeric:
    n, p = draw.integer(5, 14), draw.pick((30, 60, 90, 120))
    return Numeric(
        f"{n} workers average gradients of {p} MB by a server that is none of them: each sends its gradient there, and gets the mean back. How much "
        "travels in all?",
        2 * n * p,
        (
            Slip(n * p, "one way", "The mean has to come back to each worker."),
            Slip((n + 1) * p, "the mean is sent once", "The mean goes to each worker in a message of its own."),
            Slip(2 * (n - 1) * p, "the server is a worker", "The server is none of the workers: all of them send."),
            Slip(n * (n - 1) * p, "everybody to everybody", "The workers do not talk to each other."),
        ),
        f"$2\\,n\\,p = 2 \\cdot {n} \\cdot {p}$",
        "MB",
    )


@template("recomputed-calls", topic="costs", source="s003-6a", title="Activations computed again", minutes=4, level=3)
def recomputed_calls(draw: Draws) -> Numeric:
    k, segments = draw.pick((3, 4, 5, 6)), draw.integer(4, 9)
    layers = k * segments
    return Numeric(
        f"A network of {layers} layers is trained with activation checkpointing: only the input of every segment of {k} layers is kept, and in the backward "
        "pass each segment (the last one too) is run forward once more, as a whole, before its gradients are taken. How many times is a layer called forward in one training step, all layers together?",
        2 * layers,
        (
            Slip(layers, "nothing is computed again", "What was thrown away has to be computed again for the backward pass."),
            Slip(layers + segments, "one call for each segment", "A segment is run as a whole: all of its layers are called."),
            Slip(layers * (k + 1), "each layer from its segment's start", "A segment is run once, and what it gives on the way is kept until its gradients are taken."),
            Slip(3 * layers, "the backward pass is a call forward", "Taking gradients calls no layer forward."),
        ),
        f"once forward, once again in its segment: $2 \\cdot {layers}$",
        "calls",
    )  # fmt: skip


@template("kept-activations", topic="costs", source="s003-6b", title="What has to be kept", minutes=3, level=3)
def kept_activations(draw: Draws) -> Numeric:
    k, segments = draw.pick((4, 5, 6, 8)), draw.integer(6, 12)
    layers = k * segments
    if segments == k:
        segments, layers = segments + 1, layers + k
    return Numeric(
        f"Of a network of {layers} layers only the inputs of the {segments} segments of {k} layers are kept; a segment's {k} layer inputs are computed again "
        "while its gradients are taken. How many layer inputs are in memory at most, if a segment's first one, kept anyway, is counted once?",
        segments + k - 1,
        (
            Slip(layers, "keeps everything", "Only the segments' inputs survive the forward pass."),
            Slip(segments + k, "counts the first one twice", "A segment's first layer input is the one that was kept."),
            Slip(segments, "forgets the segment at work", "While a segment's gradients are taken, its own layer inputs are needed, too."),
            Slip(segments * (k - 1), "all segments at once", "The segments are worked on one after the other."),
        ),
        f"$s + k - 1 = {segments} + {k} - 1$",
        "layer inputs",
    )  # fmt: skip
