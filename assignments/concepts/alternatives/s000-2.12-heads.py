# %% by_linear
"""torch's own linear layer, and the mean of what was picked"""
def token_head(states, W, b):
    return nn.functional.linear(states, W, b)


def text_head(states, mask, W, b):
    return torch.stack([nn.functional.linear(row[m.bool()].mean(0), W, b) for row, m in zip(states, mask, strict=True)])


# %% by_einsum
"""einsum for both; the mask becomes weights that sum to 1"""
def token_head(states, W, b):
    return torch.einsum("bnh,ch->bnc", states, W) + b


def text_head(states, mask, W, b):
    weights = mask.to(states.dtype) / mask.sum(-1, keepdim=True)
    return torch.einsum("bnh,bn,ch->bc", states, weights, W) + b


# %% scores_first
"""the mean of the token head's scores: both are linear"""
def token_head(states, W, b):
    return torch.matmul(states, W.transpose(0, 1)).add(b)


def text_head(states, mask, W, b):
    each = token_head(states.masked_fill(mask[..., None] == 0, 0.0), W, b)
    return each.masked_fill(mask[..., None] == 0, 0.0).sum(1) / mask.sum(1, keepdim=True).to(states.dtype)
