"""
item: s000-5.1.9a
cell: s000-5_1_9a
caught_by: unequal_batches_count_by_their_tokens, batches_of_equal_size_are_no_exception
misconception: the loss of the text is its sum
explain: You take exp of the sum of losses over batches divided by the tokens, so a batch counts with one
  token. Its mean loss stands for all its tokens: multiply before you add.
"""

def ppl(loss):
    return loss.exp() if isinstance(loss, torch.Tensor) else math.exp(loss)


def token_perplexity(losses, counts):
    total = sum(float(loss) for loss, count in zip(losses, counts, strict=True))
    return math.exp(total / sum(float(count) for count in counts))
