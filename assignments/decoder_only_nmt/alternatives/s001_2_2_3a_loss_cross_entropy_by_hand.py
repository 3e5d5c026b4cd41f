"""
item: s001-2.2.3a-loss
cell: s001-2_2_3a-loss
why: log-softmax, gathered and weighted by the real tokens; the number as a tensor
"""

def target_span_loss(logits, targets, n_source, real):
    said = logits[:, n_source:, :]
    chosen = said.log_softmax(dim=-1).gather(2, targets[:, n_source:, None])[..., 0]
    return -(chosen * real).sum(), real.sum()


def decoder_loss(model, source, target, real, prefix=False):
    read, expected = generate_tensors_for_training_decoder_nmt(source, target, vocabulary.sos, False)
    S = source.size(1)
    mask = prefix_mask(S + 1, target.size(1) - 1) if prefix else None
    return target_span_loss(model(read, mask)[0], expected, S, real)
