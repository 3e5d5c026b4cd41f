# %% decoding_of_the_kit
"""the kit's greedy loop with a step that puts source and writing together; batches of another size"""
from seq2kit.translation.translate import greedy

def greedy_decode(model, source, start_token, end_token, max_length, prefix=False):
    S = source.shape[1]

    def step(source, written):
        read = torch.cat((written[:, :1], source, written[:, 1:]), dim=1)
        known = S + 1 if prefix else 0
        return model(read, prefix_mask(known, read.shape[1] - known))[0][:, -1]

    return greedy(step, source, start_token, end_token, max_length)

def measure(model, pairs, prefix=False):
    total, number = 0.0, 0
    with torch.no_grad():
        for batch in batches(pairs, vocabulary, 3, end=vocabulary.eop):
            part, count = decoder_loss(model, batch.source, batch.target, batch.real, prefix=prefix)
            total, number = total + part.item(), number + count
    guesses = translate_by(
        lambda source: greedy_decode(model, source, vocabulary.sos, vocabulary.eos, MAX_TRANSLATION, prefix=prefix),
        model, [pair[0] for pair in pairs], vocabulary, vocabulary.eop,
    )
    return {"exact": sum(g == t for g, (_, t) in zip(guesses, pairs, strict=True)) / len(pairs), "loss": total / number}


# %% ended_words_padded_with_zeros
"""ended words leave the batch, and what stands behind their EOS is 0; probabilities are sorted; sums by hand"""
def greedy_decode(model, source, start_token, end_token, max_length, prefix=False):
    b, S = source.shape
    out = torch.zeros(b, max_length, dtype=torch.long)
    alive, read = list(range(b)), nn.functional.pad(source, (1, 0), value=start_token)
    for step in range(max_length):
        allowed = prefix_mask(S + 1, step) if prefix else None
        order = model(read, allowed)[0][:, -1].softmax(-1).sort(dim=-1, descending=True).indices
        out[alive, step] = order[:, 0]
        going = order[:, 0] != end_token
        alive = [row for row, more in zip(alive, going.tolist(), strict=True) if more]
        read = torch.cat((read, order[:, :1]), dim=1)[going]
        if not alive:
            return out[:, : step + 1]
    return out

def measure(model, pairs, prefix=False):
    sums, right = torch.zeros(2, dtype=torch.float64), []
    for word, truth in pairs:
        (batch,) = batches([(word, truth)], vocabulary, 1, end=vocabulary.eop)
        with torch.no_grad():
            cost, number = decoder_loss(model, batch.source, batch.target, batch.real, prefix)
            (row,) = greedy_decode(model, batch.source, vocabulary.sos, vocabulary.eos, MAX_TRANSLATION, prefix).tolist()
        sums += torch.tensor([float(cost), float(number)])
        right.append(vocabulary.decode(row) == truth)
    return {"loss": float(sums[0] / sums[1]), "exact": float(torch.tensor(right).double().mean())}


# %% one_word_at_a_time
"""each word is decoded alone, and padded with end signs"""
def greedy_decode(model, source, start_token, end_token, max_length, prefix=False):
    rows = []
    for word in source:
        read, written = [start_token, *word.tolist()], []
        known = len(read)
        while len(written) < max_length and end_token not in written:
            n = len(read)
            allowed = prefix_mask(known, n - known) if prefix else None
            logits = model(torch.tensor([read]), allowed)[0]
            token = int(torch.softmax(logits[0, -1], 0).argmax())
            read.append(token)
            written.append(token)
        rows.append(written)
    longest = max(map(len, rows))
    return [row + [end_token] * (longest - len(row)) for row in rows]

def measure(model, pairs, prefix=False):
    cost = count = right = 0
    for word, truth in pairs:
        source = torch.tensor([[*vocabulary.encode(word), vocabulary.eop]])
        target = torch.tensor([[*vocabulary.encode(truth), vocabulary.eos]])
        with torch.no_grad():
            part, tokens = decoder_loss(model, source, target, torch.ones_like(target, dtype=torch.bool), prefix)
            row = greedy_decode(model, source, vocabulary.sos, vocabulary.eos, MAX_TRANSLATION, prefix)[0]
        cost, count, right = cost + float(part), count + tokens, right + (vocabulary.decode(row) == truth)
    return {"loss": cost / count, "exact": right / len(pairs)}


# %% space_reserved_in_advance
"""room for the whole sequence is reserved and filled; ended words keep their end sign"""
@torch.no_grad()
def greedy_decode(model, source, start_token, end_token, max_length, prefix=False):
    b, S = source.shape
    room = torch.full((b, 1 + S + max_length), end_token)
    room[:, 0], room[:, 1 : S + 1] = start_token, source
    for k in range(max_length):
        n = S + 1 + k
        logits, _ = model(room[:, :n], prefix_mask(S + 1, k) if prefix else None)
        done = (room[:, S + 1 : n] == end_token).any(dim=1)
        room[:, n] = torch.where(done, end_token, logits[:, -1, :].max(dim=-1).indices)
        if (room[:, S + 1 : n + 1] == end_token).any(dim=1).all():
            return room[:, S + 1 : n + 1]
    return room[:, S + 1 :]

def measure(model, pairs, prefix=False):
    pairs = list(pairs)

    def write(source):
        return greedy_decode(model, source, vocabulary.sos, vocabulary.eos, MAX_TRANSLATION, prefix)

    def cost(net, batch):
        return decoder_loss(net, batch.source, batch.target, batch.real, prefix)

    texts = translate_by(write, model, list(dict(pairs)), vocabulary, vocabulary.eop)
    found = dict(zip(dict(pairs), texts, strict=True))
    return {
        "loss": evaluate(model, cost, batches(pairs, vocabulary, len(pairs), end=vocabulary.eop)),
        "exact": exact_match([found[word] for word, _ in pairs], [truth for _, truth in pairs]),
    }


# %% whole_words_at_once
"""a word whose every letter is the likeliest after the true letters before it is exactly a word that greedy
decoding writes right: up to its first slip the model reads the true letters either way"""
def measure(model, pairs, prefix=False):
    def write(source):
        return greedy_decode(model, source, vocabulary.sos, vocabulary.eos, MAX_TRANSLATION, prefix)

    def loss(model, batch):
        return decoder_loss(model, batch.source, batch.target, batch.real, prefix)

    cost = evaluate(model, loss, batches(pairs, vocabulary, 256, end=vocabulary.eop))
    right = 0
    for batch in batches(pairs, vocabulary, 256, end=vocabulary.eop):
        inputs, _ = generate_tensors_for_training_decoder_nmt(batch.source, batch.target, vocabulary.sos, False)
        S = batch.source.shape[1]
        allowed = prefix_mask(S + 1, inputs.shape[1] - S - 1) if prefix else causal_mask(inputs.shape[1])
        guess = model(inputs, allowed)[0][:, S:].argmax(dim=-1)
        right += int(((guess == batch.target) | ~batch.real).all(dim=1).sum())
    return {"loss": cost, "exact": right / len(pairs)}
