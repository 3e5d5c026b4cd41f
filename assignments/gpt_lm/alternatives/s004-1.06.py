# %% objective_as_a_module
"""nn.CrossEntropyLoss as a module, sums divided by counts"""
def lm_forward(model, tokens):
    x, y = tokens[:, :-1].contiguous(), tokens[:, 1:].contiguous()
    logits = model(x)
    total = nn.CrossEntropyLoss(reduction="sum")(logits.view(-1, logits.size(-1)), y.view(-1))
    return logits, total / y.numel()


# %% objective_by_logsumexp
"""log of the sum of exponentials minus the chosen logit"""
def lm_forward(model, tokens):
    z = model(tokens[:, :-1].contiguous())
    y = tokens[..., 1:]
    return [z, (z.logsumexp(-1) - z.gather(2, y.unsqueeze(2)).squeeze(2)).mean()]


# %% objective_classes_on_the_second_axis
"""cross_entropy takes (b, V, n) with targets (b, n)"""
def lm_forward(model, tokens):
    read, asked = tokens[:, :-1], tokens[:, 1:]
    logits = model(read)
    return logits, F.cross_entropy(logits.transpose(1, 2), asked)


# %% objective_gathered_log_probabilities
"""the mean of -log p, gathered by hand; a list comes back"""
def lm_forward(model, tokens):
    out = model(tokens[..., : tokens.shape[1] - 1])
    logp = out - out.logsumexp(-1, keepdim=True)
    return [out, -logp.gather(-1, tokens[:, 1:].unsqueeze(-1)).mean()]


# %% objective_position_by_position
"""mean of the mean losses of each position, which hold equally many predictions"""
def lm_forward(model, tokens):
    x, y = tokens[:, :-1], tokens[:, 1:]
    z = model(x)
    parts = [F.cross_entropy(z[:, i], y[:, i]) for i in range(y.shape[1])]
    return z, sum(parts) / len(parts)
