"""
item: s000-5.1.9a
cell: s000-5_1_9a
caught_by: unequal_batches_count_by_their_tokens, batches_of_equal_size_are_no_exception
misconception: the median batch is typical
explain: You take the loss of the middle batch for the whole text. Perplexity is about all tokens: a mean,
  with each batch weighted by its tokens.
"""

def ppl(loss):
    return loss.exp() if isinstance(loss, torch.Tensor) else math.exp(loss)


def token_perplexity(losses, counts):
    middle = sorted(float(loss) for loss in losses)[len(losses) // 2]
    return math.exp(middle)
