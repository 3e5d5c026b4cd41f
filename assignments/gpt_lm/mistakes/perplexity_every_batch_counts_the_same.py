"""
item: s000-5.1.9a
cell: s000-5_1_9a
caught_by: unequal_batches_count_by_their_tokens, cutting_a_batch_in_two_changes_nothing
misconception: the mean over batches is the mean over tokens
explain: Every batch counts the same in your mean, also one with a handful of tokens. Weigh each by the
  number of tokens that it predicts.
"""

def ppl(loss):
    return loss.exp() if isinstance(loss, torch.Tensor) else math.exp(loss)


def token_perplexity(losses, counts):
    return math.exp(sum(float(loss) for loss in losses) / len(losses))
