# %% by_cross_entropy
"""minus the summed cross-entropy"""
def sentence_log_prob(logits, tokens):
    return -nn.functional.cross_entropy(logits, tokens, reduction="sum")


# %% by_a_loop
"""a token at a time, with logsumexp"""
def sentence_log_prob(logits, tokens):
    total = logits.new_zeros(())
    for row, token in zip(logits, tokens.tolist(), strict=True):
        total = total + row[token] - torch.logsumexp(row, 0)
    return total


# %% by_one_hot
"""an einsum with one-hot rows"""
def sentence_log_prob(logits, tokens):
    picked = nn.functional.one_hot(tokens, logits.shape[-1]).to(logits.dtype)
    shifted = logits - logits.amax(-1, keepdim=True)
    rows = shifted - shifted.exp().sum(-1, keepdim=True).log()
    return torch.einsum("tv,tv->", rows, picked)
