"""
item: s000-5.1.9a
cell: s000-5_1_9a
caught_by: unequal_batches_count_by_their_tokens, batches_of_equal_size_are_no_exception
misconception: weighting repairs the mean of perplexities
explain: Your weights are right, but you average exponentials. The mean is over losses; exp comes last,
  once.
"""

def ppl(loss):
    return loss.exp() if isinstance(loss, torch.Tensor) else math.exp(loss)


def token_perplexity(losses, counts):
    total = sum(math.exp(float(loss)) * float(count) for loss, count in zip(losses, counts, strict=True))
    return total / sum(float(count) for count in counts)
