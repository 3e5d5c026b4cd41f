"""
item: s001-2.2.3a-write
cell: s001-2_2_3a-write
why: ended words leave the batch, and what stands behind their EOS is 0; probabilities are sorted; sums by hand
"""

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
