"""
item: s001-2.2.3a-write
cell: s001-2_2_3a-write
why: room for the whole sequence is reserved and filled; ended words keep their end sign
"""

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
