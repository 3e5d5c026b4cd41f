"""
item: s000-5.1.9a
cell: s000-5_1_9a
why: tensors, a dot product, and exp at the end
"""

def ppl(loss):
    return torch.exp(torch.as_tensor(loss, dtype=loss.dtype if isinstance(loss, torch.Tensor) else torch.float64))


def token_perplexity(losses, counts):
    losses, counts = (torch.as_tensor(values, dtype=torch.float64) for values in (losses, counts))
    return ppl((losses @ counts) / counts.sum())
