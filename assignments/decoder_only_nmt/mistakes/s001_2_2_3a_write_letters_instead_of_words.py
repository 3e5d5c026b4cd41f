"""
item: s001-2.2.3a-write
cell: s001-2_2_3a-write
caught_by: measured_words_are_written_by_the_model
misconception: letters in the right place count
explain: Your `exact` counts letters in the right place. A word counts as right only if every letter of it
  is, and nothing follows.
"""

def greedy_decode(model, source, start_token, end_token, max_length, prefix=False):
    read = torch.cat((torch.full_like(source[:, :1], start_token), source), dim=1)
    known = read.shape[1]
    ended = torch.zeros(len(source), dtype=torch.bool, device=source.device)
    while read.shape[1] - known < max_length and not ended.all():
        n = read.shape[1]
        allowed = prefix_mask(known, n - known) if prefix else causal_mask(n)
        token = model(read, allowed)[0][:, -1].argmax(dim=-1)
        read = torch.cat((read, token[:, None]), dim=1)
        ended = ended | (token == end_token)
    return read[:, known:]


def measure(model, pairs, prefix=False):
    def write(source):
        return greedy_decode(model, source, vocabulary.sos, vocabulary.eos, MAX_TRANSLATION, prefix)

    def loss(model, batch):
        return decoder_loss(model, batch.source, batch.target, batch.real, prefix)

    cost = evaluate(model, loss, batches(pairs, vocabulary, 256, end=vocabulary.eop))
    total = sum(len(truth) for _, truth in pairs)
    written = translate_by(write, model, [word for word, _ in pairs], vocabulary, end=vocabulary.eop)
    hits = sum(a == b for guess, (_, truth) in zip(written, pairs, strict=True) for a, b in zip(guess, truth, strict=False))
    return {"loss": cost, "exact": hits / total}
