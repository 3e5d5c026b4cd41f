"""
item: s000-5.1.9a
cell: s000-5_1_9a
why: the weighted geometric mean of the perplexities of batches is the same number
"""

def ppl(loss):
    return math.e**loss


def token_perplexity(losses, counts):
    tokens = float(sum(counts))
    return math.prod(math.exp(float(loss)) ** (float(count) / tokens) for loss, count in zip(losses, counts, strict=True))
