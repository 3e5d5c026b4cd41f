"""
item: s000-5.1.9a
cell: s000-5_1_9a
caught_by: cutting_a_batch_in_two_changes_nothing
misconception: an empty batch is the end of the text
explain: You stop at the first batch that predicts nothing; the batches after it count too.
"""


def ppl(loss):
    return loss.exp() if isinstance(loss, torch.Tensor) else math.exp(loss)


def token_perplexity(losses, counts):
    total = tokens = 0.0
    for loss, count in zip(losses, counts, strict=True):
        if count == 0:
            break
        total += float(loss) * float(count)
        tokens += float(count)
    return math.exp(total / max(tokens, 1.0))
