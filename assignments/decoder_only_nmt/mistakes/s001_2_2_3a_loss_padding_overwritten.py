"""
item: s001-2.2.3a-loss
cell: s001-2_2_3a-loss
caught_by: prefix_training_loss_fits_together
misconception: the batch belongs to the loss
explain: You overwrite the padding in the target that you were given. The caller still needs it, for the
  next epoch reads the same batch: work on a copy.
"""

def target_span_loss(logits, targets, n_source, real):
    return token_loss(logits[:, n_source:], targets[:, n_source:], real)


def decoder_loss(model, source, target, real, prefix=False):
    target[~real] = 0
    inputs, targets = generate_tensors_for_training_decoder_nmt(source, target, vocabulary.sos, False)
    S, T = source.shape[1], target.shape[1]
    allowed = prefix_mask(S + 1, T - 1) if prefix else causal_mask(S + T)
    return target_span_loss(model(inputs, allowed)[0], targets, S, real)
