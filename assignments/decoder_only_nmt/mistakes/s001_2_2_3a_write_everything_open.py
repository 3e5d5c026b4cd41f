"""
item: s001-2.2.3a-write
cell: s001-2_2_3a-write
caught_by: greedy_reads_its_own_writing
misconception: while the model writes nothing lies ahead, so there is nothing to hide
explain: Without a prefix you let every token see all others. The last position sees the same tokens
  either way, but the states of those before it are others than in training.
"""

def greedy_decode(model, source, start_token, end_token, max_length, prefix=False):
    read = torch.cat((torch.full_like(source[:, :1], start_token), source), dim=1)
    known = read.shape[1]
    ended = torch.zeros(len(source), dtype=torch.bool)
    while read.shape[1] - known < max_length and not ended.all():
        n = read.shape[1]
        allowed = prefix_mask(known, n - known) if prefix else torch.ones(n, n, dtype=torch.bool)
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
    written = translate_by(write, model, [word for word, _ in pairs], vocabulary, end=vocabulary.eop)
    return {"loss": cost, "exact": exact_match(written, [translation for _, translation in pairs])}
