"""
item: s000-5.1.9a
cell: s000-5_1_9a
caught_by: perplexity_is_the_exponential
misconception: perplexity is two to the loss
explain: You take 2 to the power of the loss. That fits losses in bits; ours are in nats, so the base is e.
"""

def ppl(loss):
    return 2.0**loss


def token_perplexity(losses, counts):
    total = sum(float(loss) * float(count) for loss, count in zip(losses, counts, strict=True))
    return math.exp(total / sum(float(count) for count in counts))
