"""
item: s000-5.1.9a
cell: s000-5_1_9a
caught_by: cutting_a_batch_in_two_changes_nothing
misconception: a batch has at least one token
explain: You count at least one token per batch, perhaps against a division by zero. A batch that predicts
  nothing adds nothing, neither above nor below the line.
"""


def ppl(loss):
    return loss.exp() if isinstance(loss, torch.Tensor) else math.exp(loss)


def token_perplexity(losses, counts):
    total = sum(float(loss) * float(count) for loss, count in zip(losses, counts, strict=True))
    return math.exp(total / sum(max(1.0, float(count)) for count in counts))
