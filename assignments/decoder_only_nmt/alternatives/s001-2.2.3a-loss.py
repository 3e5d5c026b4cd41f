# %% cross_entropy_by_hand
"""log-softmax, gathered and weighted by the real tokens; the number as a tensor"""
def target_span_loss(logits, targets, n_source, real):
    said = logits[:, n_source:, :]
    chosen = said.log_softmax(dim=-1).gather(2, targets[:, n_source:, None])[..., 0]
    return -(chosen * real).sum(), real.sum()

def decoder_loss(model, source, target, real, prefix=False):
    read, expected = generate_tensors_for_training_decoder_nmt(source, target, vocabulary.sos, False)
    S = source.size(1)
    mask = prefix_mask(S + 1, target.size(1) - 1) if prefix else None
    return target_span_loss(model(read, mask)[0], expected, S, real)


# %% ignored_index
"""everything that does not count is marked and ignored by cross-entropy"""
from torch.nn.functional import cross_entropy

def target_span_loss(logits, targets, n_source, real):
    marked = targets.clone()
    marked[:, :n_source] = -100
    marked[:, n_source:][~real] = -100
    total = cross_entropy(logits.flatten(0, 1), marked.flatten(), ignore_index=-100, reduction="sum")
    return [total, int((marked != -100).sum())]

def decoder_loss(model, source, target, real, prefix=False):
    read, expected = generate_tensors_for_training_decoder_nmt(source, target, vocabulary.sos, source.is_cuda)
    known = source.shape[1] + 1 if prefix else 0
    logits = model(read, prefix_mask(known, read.shape[1] - known))[0]
    return target_span_loss(logits, expected, source.shape[1], real)


# %% logsumexp_minus_the_right_logit
"""the cross-entropy is logsumexp minus the logit of the right token; model(inputs) without a mask is causal, too"""
def target_span_loss(logits, targets, n_source, real):
    said = logits[:, n_source:, :]
    truth = targets[:, n_source:].unsqueeze(-1)
    nll = torch.logsumexp(said, -1) - said.gather(-1, truth).squeeze(-1)
    return nll.masked_select(real).sum(), real.long().sum()

def span_mask(known, new):
    return torch.block_diag(torch.ones(known, known), torch.zeros(new, new)).bool() | causal_mask(known + new)

def decoder_loss(model, source, target, real, prefix=False):
    inputs, targets = generate_tensors_for_training_decoder_nmt(
        src_EOP=source, tgt_EOS=target, start_token=vocabulary.sos, cuda=False
    )
    known = source.shape[1] + 1
    rules = {"allowed": span_mask(known, inputs.shape[1] - known)} if prefix else {}
    return target_span_loss(model(inputs, **rules)[0], targets, source.shape[1], real)


# %% token_by_token
"""a sum over words and positions in plain loops"""
def target_span_loss(logits, targets, n_source, real):
    total, number = logits.new_zeros(()), 0
    for row in range(len(real)):
        for place in range(real.shape[1]):
            if real[row, place]:
                scores = logits[row, n_source + place]
                total = total + torch.logsumexp(scores, 0) - scores[targets[row, n_source + place]]
                number += 1
    return total, number

def decoder_loss(model, source, target, real, prefix=False):
    inputs, targets = generate_tensors_for_training_decoder_nmt(source, target, vocabulary.sos, cuda=False)
    n = inputs.shape[1]
    allowed = causal_mask(n)
    if prefix:
        allowed = allowed.clone()
        allowed[: source.shape[1] + 1, : source.shape[1] + 1] = True
    return target_span_loss(model(inputs, allowed)[0], targets, source.shape[1], real)


# %% weights_over_the_whole_sequence
"""a weight of 0 or 1 for every position of the whole sequence, and log-probabilities of a distribution"""
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
