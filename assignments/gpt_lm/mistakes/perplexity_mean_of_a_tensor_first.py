"""
item: s000-5.1.9a
cell: s000-5_1_9a
caught_by: perplexity_is_the_exponential
misconception: a tensor of losses has one perplexity
explain: For a tensor you return a single number. ppl works elementwise: each loss has its perplexity.
"""

def ppl(loss):
    return loss.mean().exp() if isinstance(loss, torch.Tensor) else math.exp(loss)


def token_perplexity(losses, counts):
    total = sum(float(loss) * float(count) for loss, count in zip(losses, counts, strict=True))
    return math.exp(total / sum(float(count) for count in counts))
