# %% by_log_variance
"""nll_loss on log-softmax, the divergence by the log-variance"""
enc, dec = ["reg", "task"], "task"


def vib_loss(logits, y, mu, sigma, beta):
    logvar = 2 * sigma.log()
    reg = -0.5 * (1 + logvar - mu.pow(2) - logvar.exp()).sum(1)
    return torch.nn.functional.nll_loss(torch.log_softmax(logits, 1), y) + beta * reg.mean()


# %% by_distributions
"""torch knows the divergence of two normal distributions"""
def vib_loss(logits, y, mu, sigma, beta):
    normal = torch.distributions.Normal
    reg = torch.distributions.kl_divergence(normal(mu, sigma), normal(torch.zeros_like(mu), torch.ones_like(sigma)))
    return torch.nn.functional.cross_entropy(logits, y) + beta * reg.sum(-1).mean()


# %% by_hand
"""logsumexp and a gather; sums over the batch divided by its size"""
enc, dec = ("task", "reg"), frozenset({"task"})


def vib_loss(logits, y, mu, sigma, beta):
    n = len(y)
    task = (torch.logsumexp(logits, 1) - logits.gather(1, y[:, None])[:, 0]).sum()
    reg = (mu * mu + sigma * sigma - 1).sum() / 2 - torch.log(sigma).sum()
    return ((task + beta * reg) / n).reshape(1)
