"""
item: s000-5.1.9a
cell: s000-5_1_9a
why: a running mean over tokens, batch by batch
"""

def ppl(loss):
    return loss.exp() if hasattr(loss, "exp") else math.exp(loss)


def token_perplexity(losses, counts):
    mean, seen = 0.0, 0
    for loss, count in zip(losses, counts, strict=True):
        if int(count):
            seen += int(count)
            mean += (float(loss) - mean) * int(count) / seen
    return ppl(mean)
