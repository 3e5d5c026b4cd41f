# %% perplexity_one_loss_per_token
"""writes the mean loss of a batch down once for each of its tokens"""
def ppl(loss):
    return math.e**loss

def token_perplexity(losses, counts):
    each = torch.as_tensor(losses, dtype=torch.float64).repeat_interleave(torch.as_tensor(counts))
    return ppl(each.mean())


# %% perplexity_product_of_powers
"""the weighted geometric mean of the perplexities of batches is the same number"""
def ppl(loss):
    return math.e**loss

def token_perplexity(losses, counts):
    tokens = float(sum(counts))
    return math.prod(math.exp(float(loss)) ** (float(count) / tokens) for loss, count in zip(losses, counts, strict=True))


# %% perplexity_running_mean
"""a running mean over tokens, batch by batch"""
def ppl(loss):
    return loss.exp() if hasattr(loss, "exp") else math.exp(loss)

def token_perplexity(losses, counts):
    mean, seen = 0.0, 0
    for loss, count in zip(losses, counts, strict=True):
        if int(count):
            seen += int(count)
            mean += (float(loss) - mean) * int(count) / seen
    return ppl(mean)


# %% perplexity_with_tensors_throughout
"""tensors, a dot product, and exp at the end"""
def ppl(loss):
    return torch.exp(torch.as_tensor(loss, dtype=loss.dtype if isinstance(loss, torch.Tensor) else torch.float64))

def token_perplexity(losses, counts):
    losses, counts = (torch.as_tensor(values, dtype=torch.float64) for values in (losses, counts))
    return ppl((losses @ counts) / counts.sum())
