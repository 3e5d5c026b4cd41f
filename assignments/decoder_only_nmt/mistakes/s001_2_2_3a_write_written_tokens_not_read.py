"""
item: s001-2.2.3a-write
cell: s001-2_2_3a-write
caught_by: greedy_reads_its_own_writing
misconception: each step reads the newest token only
explain: After the first token you no longer show the model what it has written before the last one. It
  should read the source and all of its own writing.
"""

def greedy_decode(model, source, start_token, end_token, max_length, prefix=False):
    read = torch.cat((torch.full_like(source[:, :1], start_token), source), dim=1)
    known = read.shape[1]
    ended = torch.zeros(len(source), dtype=torch.bool)
    written = read[:, :0]
    while written.shape[1] < max_length and not ended.all():
        now = torch.cat((read, written[:, -1:]), dim=1)
        n = now.shape[1]
        allowed = prefix_mask(known, n - known) if prefix else causal_mask(n)
        token = model(now, allowed)[0][:, -1].argmax(dim=-1)
        written = torch.cat((written, token[:, None]), dim=1)
        ended = ended | (token == end_token)
    return written

def measure(model, pairs, prefix=False):
    def write(source):
        return greedy_decode(model, source, vocabulary.sos, vocabulary.eos, MAX_TRANSLATION, prefix)

    def loss(model, batch):
        return decoder_loss(model, batch.source, batch.target, batch.real, prefix)

    cost = evaluate(model, loss, batches(pairs, vocabulary, 256, end=vocabulary.eop))
    written = translate_by(write, model, [word for word, _ in pairs], vocabulary, end=vocabulary.eop)
    return {"loss": cost, "exact": exact_match(written, [translation for _, translation in pairs])}
