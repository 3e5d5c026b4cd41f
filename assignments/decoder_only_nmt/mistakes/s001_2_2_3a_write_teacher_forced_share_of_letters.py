"""
item: s001-2.2.3a-write
cell: s001-2_2_3a-write
caught_by: measured_words_are_written_by_the_model
misconception: the share of letters that would have been right is a translation score
explain: Your `exact` shows the model the true letters before each letter that it is asked for. It was to
  write by itself, and a word counts only if all of it is right.
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
    right = asked = 0
    for batch in batches(pairs, vocabulary, 256, end=vocabulary.eop):
        inputs, _ = generate_tensors_for_training_decoder_nmt(batch.source, batch.target, vocabulary.sos, False)
        S = batch.source.shape[1]
        allowed = prefix_mask(S + 1, inputs.shape[1] - S - 1) if prefix else causal_mask(inputs.shape[1])
        guess = model(inputs, allowed)[0][:, S:].argmax(dim=-1)
        right += int((guess == batch.target)[batch.real].sum())
        asked += int(batch.real.sum())
    return {"loss": cost, "exact": right / asked}
