"""
item: s001-2.2.3a-write
cell: s001-2_2_3a-write
caught_by: measured_words_are_written_by_the_model
misconception: only letters have to be right
explain: You look at the letters and not at EOS. A model that does not stop where the word ends has not written this
  word.
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
    def loss(model, batch):
        return decoder_loss(model, batch.source, batch.target, batch.real, prefix)

    cost = evaluate(model, loss, batches(pairs, vocabulary, 256, end=vocabulary.eop))
    right = 0
    for batch in batches(pairs, vocabulary, 256, end=vocabulary.eop):
        inputs, _ = generate_tensors_for_training_decoder_nmt(batch.source, batch.target, vocabulary.sos, False)
        S = batch.source.shape[1]
        allowed = prefix_mask(S + 1, inputs.shape[1] - S - 1) if prefix else causal_mask(inputs.shape[1])
        guess = model(inputs, allowed)[0][:, S:].argmax(dim=-1)
        right += int(((guess == batch.target) | (batch.target == vocabulary.eos)).all(dim=1).sum())
    return {"loss": cost, "exact": right / len(pairs)}
