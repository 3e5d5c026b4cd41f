"""
item: s001-2.2.3a-write
cell: s001-2_2_3a-write
why: each word is decoded alone, and padded with end signs
"""

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
