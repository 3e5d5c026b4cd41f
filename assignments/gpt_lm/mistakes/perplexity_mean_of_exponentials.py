"""
item: s000-5.1.9a
cell: s000-5_1_9a
caught_by: unequal_batches_count_by_their_tokens, batches_of_equal_size_are_no_exception,
  cutting_a_batch_in_two_changes_nothing
misconception: perplexities of batches are averaged
explain: You average the perplexities of the batches. exp curves upwards, so that is too large whenever
  batches differ, and it depends on how the text was cut. First the mean over tokens, then exp.
"""

def ppl(loss):
    return loss.exp() if isinstance(loss, torch.Tensor) else math.exp(loss)


def token_perplexity(losses, counts):
    return sum(math.exp(float(loss)) for loss in losses) / len(losses)
