"""
item: s001-2.2.3a-write
cell: s001-2_2_3a-write
why: the kit's greedy loop with a step that puts source and writing together; batches of another size
"""

from seq2kit.translate import greedy


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
