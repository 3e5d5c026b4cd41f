"""
item: s001-2.2.3a-loss
cell: s001-2_2_3a-loss
why: a weight of 0 or 1 for every position of the whole sequence, and log-probabilities of a distribution
"""

def target_span_loss(logits, targets, n_source, real):
    counts = torch.cat((torch.zeros(len(real), n_source), real.float()), dim=1)
    costs = -torch.distributions.Categorical(logits=logits).log_prob(targets)
    return (costs * counts).sum(), counts.sum()


def decoder_loss(model, source, target, real, prefix=False):
    b, S = source.shape
    whole = torch.cat((source.new_full((b, 1), vocabulary.sos), source, target), dim=1)
    rule = prefix_mask(S + 1, target.shape[1] - 1) if prefix else causal_mask(S + target.shape[1])
    said = model(whole[:, :-1], allowed=rule)[0]
    return target_span_loss(said, whole[:, 1:], S, real)
