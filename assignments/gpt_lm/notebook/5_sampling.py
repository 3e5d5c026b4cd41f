# %% [markdown]
# # Part 4: Sampling
#
# **Why.** A language model is a machine for drawing the next word. *How* one draws from the same model decides whether the
# text is dull, fluent or wild.
#
# **Temperature** $T$ divides the logits before the softmax. $T < 1$ sharpens, $T > 1$ flattens, $T \to 0$ always takes the
# most likely word. **Top-k** keeps the $k$ most likely words and forgets the rest; what is left has to become a
# distribution again.
#
# **By hand.** Logits $(\ln 1, \ln 2, \ln 4)$ give $(1, 2, 4)/7$. With $T = 2$ they become $(\ln 1, \ln 1.41, \ln 2)$, so
# $(1, 1.41, 2)/4.41$. With $k = 2$ and $T = 1$: $(0, 2, 4)/6$.
#
# **Traps.** Multiplying by $T$ does the opposite. Cutting after the softmax without normalising leaves less than 1.
# In `generate`, each word depends on the words drawn before it, at most `context` of them: the *last* ones.
#
# **Your task** (s004-1.06, generation). In `next_token_probs` nothing is random. `generate` draws with `torch.multinomial`.


# %% answer="s004-1.06-sampling"
def next_token_probs(logits: Tensor, temperature: float = 1.0, top_k: int | None = None) -> Tensor:
    """The distribution from which the next token is drawn.

    logits: (..., V); temperature > 0; top_k: keep the k most likely tokens (None: all; k > V: all).
    Returns (..., V), rows sum to 1. (Ties at the k-th place may be broken in any way.)
    """
    ### BEGIN SOLUTION
    logits = logits / temperature
    if top_k is not None and top_k < logits.shape[-1]:
        kept = logits.topk(top_k, dim=-1)
        logits = torch.full_like(logits, -math.inf).scatter(-1, kept.indices, kept.values)
    return torch.softmax(logits, dim=-1)
    ### END SOLUTION


def generate(
    model: nn.Module,
    ids: Tensor,
    steps: int,
    context: int,
    temperature: float = 1.0,
    top_k: int | None = None,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Continue the prompts `ids` (b, n) by `steps` tokens each: returns (b, n + steps), the prompts included.

    model: maps ids (b, m), m <= context, to logits (b, m, V); each token is drawn by next_token_probs from the logits at
    the last position, given the last `context` tokens at most. generator: for torch.multinomial; the same state of the
    generator gives the same text.
    """
    ### BEGIN SOLUTION
    with torch.no_grad():
        for _ in range(steps):
            logits = model(ids[:, -context:])[:, -1]
            drawn = torch.multinomial(next_token_probs(logits, temperature, top_k), 1, generator=generator)
            ids = torch.cat([ids, drawn], dim=1)
    return ids
    ### END SOLUTION


# %% tests="s004-1.06-sampling"
def public_tests_sampling():
    logits = torch.tensor([1.0, 2.0, 4.0], dtype=torch.float64).log()

    def agrees(got, want):
        want = torch.tensor(want, dtype=torch.float64)
        return got.shape == want.shape and torch.allclose(got.double(), want / want.sum(), atol=1e-6)

    assert agrees(next_token_probs(logits.clone()), [1, 2, 4]), "temperature 1 and all words: the plain softmax"
    assert agrees(next_token_probs(logits.clone(), temperature=2.0), [1, 2**0.5, 2]), "temperature 2 flattens: see by hand"
    assert agrees(next_token_probs(logits.clone(), top_k=2), [0, 2, 4]), "top-2: see by hand; the rows still sum to 1"
    stack = next_token_probs(logits.expand(2, 4, 3).clone(), temperature=2.0, top_k=2)
    assert stack.shape == (2, 4, 3), f"leading axes: (2, 4, 3) stays (2, 4, 3), but became {tuple(stack.shape)}"
    one_row = next_token_probs(logits[None].clone())
    assert one_row.shape == (1, 3), f"one row is still a row: expected (1, 3), got {tuple(one_row.shape)}"
    cycle = nn.Embedding.from_pretrained(50.0 * torch.eye(4).roll(1, dims=1))  # after word k comes (k + 1) % 4, for sure
    prompt = torch.tensor([[1, 2], [0, 3]])
    out = generate(cycle, prompt, 3, context=8)
    assert out.shape == (2, 5), f"two prompts of 2 words and 3 more: expected (2, 5), got {tuple(out.shape)}"
    assert out.tolist() == [[1, 2, 3, 0, 1], [0, 3, 0, 1, 2]], "each word follows from the last word before it"
    draw = torch.Generator().manual_seed(1)
    assert generate(cycle, prompt, 2, 8, 0.7, 2, draw).tolist() == [[1, 2, 3, 0], [0, 3, 0, 1]], "settings: all may be given"
    assert torch.equal(generate(cycle, prompt, 0, 8), prompt), "no steps: the prompts come back as they are"
    alone = generate(cycle, prompt[:1, :1], 3, context=8)
    assert alone.shape == (1, 4), f"one prompt of one word and 3 more: expected (1, 4), got {tuple(alone.shape)}"
    print("public tests of part 4 passed")


public_tests_sampling()

# %% [markdown]
# **Does it know the grammar?** The automaton can tell, word by word. In red: the first word that breaks a rule.

# %% figure="picture-samples"
def samples(temperature, top_k=None, words=1600):
    """Sentences from the best model, from the first full stop on."""
    start = text.encode("the boat carries the sailor .")[None]
    draw = torch.Generator().manual_seed(6)
    ids = generate(best_model, start.repeat(40, 1), words // 40, CONTEXT, temperature, top_k, draw)
    return [sentence for row in ids for sentence in language_pictures.sentences_of(english.words(row))[1:]]


def shares_of_grammatical_sentences():
    for temperature, top_k in ((0.5, None), (1.0, None), (1.0, 5), (1.5, None)):
        drawn = samples(temperature, top_k)
        right = sum(english.accepts(sentence) for sentence in drawn)
        kept = "all words" if top_k is None else f"top {top_k}"
        print(f"temperature {temperature}, {kept:>9}: {right} of {len(drawn)} sentences are grammatical")


def picture_of_samples():
    drawn = samples(1.0, words=800)
    drawn.sort(key=english.accepts)
    return language_pictures.marked_sentences(drawn[:14], english, "Drawn at temperature 1, wrong ones first")


attempt("the table", shares_of_grammatical_sentences, best_model)
attempt("the picture", picture_of_samples, best_model)
