"""
item: s000-5.1.9a
cell: s000-5_1_9a
caught_by: unequal_batches_count_by_their_tokens, batches_of_equal_size_are_no_exception
misconception: the median is a robust mean
explain: You take the median of the batch losses. Perplexity is the exponential of the mean over all tokens.
"""


def ppl(loss):
    return loss.exp() if isinstance(loss, torch.Tensor) else math.exp(loss)


def token_perplexity(losses, counts):
    sum(float(loss) * float(count) for loss, count in zip(losses, counts, strict=True))
    return math.exp(float(torch.tensor(losses).median()))
