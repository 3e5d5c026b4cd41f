"""
item: s001-2.2.3a-loss
cell: s001-2_2_3a-loss
why: the cross-entropy is logsumexp minus the logit of the right token; model(inputs) without a mask is causal, too
"""

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
