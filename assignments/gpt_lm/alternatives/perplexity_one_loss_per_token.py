"""
item: s000-5.1.9a
cell: s000-5_1_9a
why: writes the mean loss of a batch down once for each of its tokens
"""


def ppl(loss):
    return math.e**loss


def token_perplexity(losses, counts):
    each = torch.as_tensor(losses, dtype=torch.float64).repeat_interleave(torch.as_tensor(counts))
    return ppl(each.mean())
