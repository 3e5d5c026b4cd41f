# %% [markdown]
# # Part 8: Writing without reading again
#
# **Why.** Part 7 blamed an implementation: your `greedy_decode` hands the whole sequence to the model for every letter, and
# the model computes states, keys and values of tokens that it has seen before. Nobody who serves a language model does that. They
# remember. It changes no letter of what is written, and it is the reason why long answers are affordable.
#
# **The idea.** Of a token that was read, later tokens ever need two things per layer: its key and its value. Keep them, in a
# *KV cache*. Then a pass gets the **new** tokens alone. In each layer they make queries, keys and values; the new keys and values
# are put behind those that are kept; the new queries look at all of them. All else in the model (embedding, MLP,
# `output`) looks at one position at a time, and never needed the past.
#
# | | read at a step | queries | keys and values |
# |---|---|---|---|
# | without a cache | all $n$ tokens | $n$ | $n$, all made anew |
# | with a cache of $p$ tokens | $m$ new ones | $m$ | $p$ kept, $m$ new |
#
# **By hand.** A prompt of 9 tokens (SOS, seven letters, EOP), and 10 tokens are written. The last one need not be read. How
# many tokens go through the layers without a cache, and how many with one? (135 and 18; where do they come from?)
#
# **Traps.** The first new token is not at position 0: which row of `positions` does it get? With $m > 1$ the new tokens
# must not look ahead among *themselves*, while all of them see the whole past: the mask has $m$ rows and $p + m$ columns,
# and its triangle sits at the right. Keys and values are kept *after* their projection; whoever keeps states projects the
# past again at each step. Each layer has a cache of its own. And a cache belongs to one text: the next word begins without one.
#
# The attention of part 2 hides its projections. Here are its two halves, with the same weights:


# %% locked="inside-attention"
import math
import time

from seq2kit.translation import cache_pictures
from seq2kit.translation.translate import greedy


def project(attention, x):
    """What one `SelfAttention` makes of states x (b, m, h): its queries, keys and values, each (b, m, h)."""
    head = attention.head
    return nn.functional.linear(x, head.in_proj_weight, head.in_proj_bias).chunk(3, dim=-1)


def attend(attention, queries, keys, values, allowed):
    """The other half: queries (b, m, h); keys, values (b, n, h); allowed (m, n) bool -> context (b, m, h)."""
    scores = (queries @ keys.mT / math.sqrt(queries.shape[-1])).masked_fill(~allowed, -math.inf)
    return attention.head.out_proj(torch.softmax(scores, dim=-1) @ values)


def rows_computed(write, model, *arguments, **named):
    """(what write(model, ...) returns, how many tokens went through the MLPs of `model` meanwhile, per layer)."""
    seen = []
    watched = [mlp.register_forward_hook(lambda _, given, __: seen.append(given[0].shape[:-1].numel())) for mlp in model.mlps]
    try:
        return write(model, *arguments, **named), sum(seen) / len(watched)
    finally:
        for one in watched:
            one.remove()


# %% [markdown]
# **Your task** (s001-2.2.3a, the cache). `forward_with_cache` is the forward pass of part 2 over the new tokens alone; with
# `cache=None` it begins a text, and then its logits are those of your model. It returns a new cache, and leaves the old one as
# it was (who tries two endings of one beginning needs it twice). Use the parts of the model, such as `model.embedding` and `model.mlps`: the checks
# put a model, and caches, of their own there. Who writes needs no gradient, so none is taken.
#
# `cached_decode` writes what `greedy_decode` writes, and reads each token once. The loop need not be written again:
# `greedy(step, source, start, stop, max_length)` from the kit is one. It calls `step(source, written)` for the scores of the next
# token, where `written` begins with `start`; see `help(greedy)`. With `prefix=True` the tokens of the prompt see one another,
# as before. What is written looks back only, so no key or value ever changes under either mask.


# %% answer="s001-2.2.3a-cache"
Cache = list[tuple[torch.Tensor, torch.Tensor]]  # per layer: keys and values of all tokens read, (b, p, h) each


@torch.no_grad()
def forward_with_cache(
    model: nn.Module, tokens: torch.Tensor, cache: Cache | None = None, allowed: torch.Tensor | None = None
) -> tuple[torch.Tensor, Cache]:
    """The forward pass over `tokens`, which follow the p tokens of the cache: (their logits (b, m, V), the cache of all p + m).

    model: has the parts of DecoderOnlyParts; tokens: (b, m) int64; cache: a pair (keys, values) per layer, each (b, p, h), or
    None at the beginning (p = 0); allowed: (m, p + m) bool, True where new token i may look at token j; None for causal.
    """
    ### BEGIN SOLUTION
    known, n = 0 if cache is None else cache[0][0].shape[1], tokens.shape[1]
    allowed = causal_mask(known + n)[known:] if allowed is None else allowed
    x = model.embedding(tokens) + model.positions[known : known + n]
    grown = []
    for layer, (attention, mlp) in enumerate(zip(model.attentions, model.mlps, strict=True)):
        queries, keys, values = project(attention, x)
        if cache is not None:
            keys, values = torch.cat((cache[layer][0], keys), dim=1), torch.cat((cache[layer][1], values), dim=1)
        x = x + attend(attention, queries, keys, values, allowed)
        x = x + mlp(x)
        grown.append((keys, values))
    return model.output(x), grown
    ### END SOLUTION


@torch.no_grad()
def cached_decode(
    model: nn.Module, source: torch.Tensor, start_token: int, end_token: int, max_length: int, prefix: bool = False
) -> torch.Tensor:
    """As greedy_decode, (b, t) int64 with t <= max_length, but each token goes through the model once.

    model: has the parts of DecoderOnlyParts; source: (b, S) int64 with EOP. Writing ends when all words have said
    end_token; what stands in a row after its first one does not matter. prefix: as in greedy_decode.
    """
    ### BEGIN SOLUTION
    prompt = torch.cat((torch.full_like(source[:, :1], start_token), source), dim=1)
    n, cache = prompt.shape[1], None

    def step(source, written):
        nonlocal cache
        new = prompt if cache is None else written[:, -1:]
        allowed = prefix_mask(n, 0) if prefix and cache is None else None
        logits, cache = forward_with_cache(model, new, cache, allowed)
        return logits[:, -1]

    return greedy(step, source, start_token, end_token, max_length)
    ### END SOLUTION


# %% tests="s001-2.2.3a-cache"
def public_tests_cache():
    torch.manual_seed(8)
    model = DecoderOnlyTransformer(vocab_size=30, hidden_size=6, num_layers=3, max_len=24)
    tokens = torch.randint(0, 27, (2, 9))

    def close(one, other):
        return one.shape == other.shape and torch.allclose(one, other, atol=1e-4)

    with torch.no_grad():
        whole = model(tokens)[0]
        logits, cache = forward_with_cache(model, tokens[:, :4])
        assert close(logits, whole[:, :4]), "first pass: without a cache the logits are the model's"
        assert len(cache) == 3, "cache: a pair (keys, values) for each layer"
        sizes = {tuple(part.shape) for pair in cache for part in pair}
        assert sizes == {(2, 4, 6)}, "cache: keys and values are (b, tokens read, h)"
        kept = [tuple(part.clone() for part in pair) for pair in cache]
        one, longer = forward_with_cache(model, tokens[:, 4:5], cache)
        for old, same, new in zip(kept, cache, longer, strict=True):
            assert close(old[0], same[0]) and close(old[1], same[1]), "old cache: stays as it was"
            assert close(old[0], new[0][:, :4]) and close(old[1], new[1][:, :4]), "new cache: begins with what the old one holds"
        assert close(one, whole[:, 4:5]), "one more token: its logits are those of the whole text"
        several = forward_with_cache(model, tokens[:, 4:], cache)[0]
        assert close(several, whole[:, 4:]), "five more tokens: each sees the past, and nothing ahead"
        mask = prefix_mask(6, 3)
        pieces, cache = [], None
        for begin, end in ((0, 6), (6, 8), (8, 9)):
            logits, cache = forward_with_cache(model, tokens[:, begin:end], cache, mask[begin:end, :end])
            pieces.append(logits)
        assert close(torch.cat(pieces, dim=1), model(tokens, mask)[0]), "a given mask: its rows are the new tokens"
        small = DecoderOnlyTransformer(vocab_size=30, hidden_size=6, num_layers=1, max_len=24)
        begin = forward_with_cache(small, tokens[:1, :1])[1]
        assert close(forward_with_cache(small, tokens[:1, 1:2], begin)[0], small(tokens[:1, :2])[0][:, 1:]), (
            "one word, one token, one layer: all axes stay"
        )
        for source, prefix in ((tokens[:, :5], False), (tokens[:, 3:9], True), (tokens[:1, :1], False)):
            want = torch.as_tensor(greedy_decode(model, source, 27, 28, 8, prefix))[:, 0]
            written, rows = rows_computed(cached_decode, model, source, 27, 28, 8, prefix=prefix)
            written = torch.as_tensor(written)
            assert written.dtype == torch.int64 and written.dim() == 2, "what is written: (b, t) int64"
            assert torch.equal(written[:, 0], want), "first letter: the one that greedy_decode writes"
            assert rows <= len(source) * (source.shape[1] + 1 + written.shape[1]), "each token is read once"
        for start, end in ((0, 5), (5, 0)):
            short = torch.as_tensor(cached_decode(model, tokens, start, end, 1))
            assert torch.equal(short, torch.as_tensor(greedy_decode(model, tokens, start, end, 1))), (
                "signs and limit: which token starts, and how many, is an argument"
            )
    print("public tests of part 8 passed")


public_tests_cache()

# %% [markdown]
# The same letters? Here both decoders translate the words that were kept back, with a model of yours under either mask, and
# the tokens that went through its layers are counted. How many words differ is printed, and should be none. (With our models and
# 40 words: 9,055 tokens without a cache, 905 with one.)

# %% figure="cache-counts"
def compare_decoders(count=40):
    some = [word for word, _ in words.validation[:count]]
    for kind in ("decoder_only", "prefix"):
        found, model = {}, models[kind][0]
        for decoder in (greedy_decode, cached_decode):
            rows = []

            def write(source, decoder=decoder, rows=rows, model=model, prefix=kind == "prefix"):
                signs = vocabulary.sos, vocabulary.eos
                written, number = rows_computed(decoder, model, source, *signs, MAX_TRANSLATION, prefix=prefix)
                rows.append(number)
                return torch.as_tensor(written)

            found[decoder] = translate_by(write, model, some, vocabulary, vocabulary.eop)
            print(f"{kind:12s}  {decoder.__name__}: {sum(rows):6.0f} tokens through each layer")
        differ = sum(one != other for one, other in zip(*found.values(), strict=True))
        print(f"{kind:12s}  words that differ: {differ} of {count}")


pictures.when_ready("cached_decode", compare_decoders)

# %% [markdown]
# **What it saves.** Left, the scores for each token that is written, by your own `score_counts`: without a cache a whole square,
# with one a single row. Right, the time of such a step with an untrained model as large as yours, as your machine takes it. For words
# as short as ours the gain in time is small, since a step has its fixed costs; for a page there is nearly everything to gain.
# In scores a word of seven letters (ten tokens written) takes 1,905 per layer without a cache and 207 with one, and the factor
# grows with the text.


# %% figure="picture-cache"
def picture_of_the_cache(repeats=8):
    lengths = [16, 32, 64, 128, 256]
    torch.manual_seed(0)
    model = DecoderOnlyTransformer(len(vocabulary), **decoder_size, max_len=lengths[-1])
    tokens = torch.randint(0, 26, (1, lengths[-1]))
    scores, seconds = ({"without a cache": [], "with a cache": []} for _ in range(2))

    def shortest(step):  # of several, for other programs want the machine, too
        step()
        taken = []
        for _ in range(repeats):
            begin = time.perf_counter()
            step()
            taken.append(time.perf_counter() - begin)
        return min(taken)

    with torch.no_grad():
        for n in lengths:
            cache = forward_with_cache(model, tokens[:, : n - 1])[1]
            seconds["without a cache"].append(shortest(lambda: model(tokens[:, :n])))
            seconds["with a cache"].append(shortest(lambda: forward_with_cache(model, tokens[:, n - 1 : n], cache)))
            scores["without a cache"].append(score_counts(n, 0, "decoder_only_full"))
            scores["with a cache"].append(score_counts(n, 0, "decoder_only") - score_counts(n - 1, 0, "decoder_only"))
    known, more = 9, 10  # SOS, seven letters, EOP; ten tokens written
    anew = sum(score_counts(known + k, 0, "decoder_only_full") for k in range(more))
    row = [score_counts(known + k, 0, "decoder_only") - score_counts(known + k - 1, 0, "decoder_only") for k in range(1, more)]
    once = score_counts(known, 0, "decoder_only_full") + sum(row)
    print(f"a word of 7 letters, {more} tokens written: {anew} scores per layer without a cache, {once} with one")
    return cache_pictures.saved_by_a_cache(lengths, scores, seconds)


pictures.when_ready("forward_with_cache", picture_of_the_cache)

# %% [markdown]
# A cache is not free. It holds two numbers per width, layer and token read, for each text that is being written: memory takes
# the place of work. Large models are served from machines whose memory is filled with caches, and much research since is about making them
# smaller, by sharing keys and values among heads for one ([Shazeer 2019](https://arxiv.org/abs/1911.02150)).

# %% [markdown]
# ## What does not hold
#
# Three things that are easily said about this comparison, and that it does not show. *"One run was better, so the architecture
# is"*: look at how far three seeds of one kind lie apart. *"The mask that sees more must do better"*: more freedom is more to
# learn, and 22 epochs on 2,600 words are few. *"So this is how it is for large models"*: nothing here is large. What you can
# take with you is the way of asking.
