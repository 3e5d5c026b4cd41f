"""
item: s001-2.2.3a-loss
cell: s001-2_2_3a-loss
caught_by: prefix_training_loss_fits_together
misconception: the prefix has n_source tokens
explain: Your prefix is one token too short. SOS, the source and EOP are known before writing begins: one
  token more than the source has.
"""

def target_span_loss(logits, targets, n_source, real):
    return token_loss(logits[:, n_source:], targets[:, n_source:], real)


def decoder_loss(model, source, target, real, prefix=False):
    inputs, targets = generate_tensors_for_training_decoder_nmt(source, target, vocabulary.sos, source.is_cuda)
    n_source, n = source.shape[1], inputs.shape[1]
    allowed = prefix_mask(n_source, n - n_source) if prefix else causal_mask(n)
    logits, _ = model(inputs, allowed)
    return target_span_loss(logits, targets, n_source, real)
