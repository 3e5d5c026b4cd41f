"""
item: s001-2.2.3a-loss
cell: s001-2_2_3a-loss
caught_by: prefix_training_loss_fits_together
misconception: the prefix ends after the first letter
explain: Your prefix is one token too long: it takes in the first letter of the translation, so the position
  that has to say this letter can look at it.
"""

def target_span_loss(logits, targets, n_source, real):
    return token_loss(logits[:, n_source:], targets[:, n_source:], real)


def decoder_loss(model, source, target, real, prefix=False):
    inputs, targets = generate_tensors_for_training_decoder_nmt(source, target, vocabulary.sos, source.is_cuda)
    n_source, n = source.shape[1], inputs.shape[1]
    allowed = prefix_mask(n_source + 2, n - n_source - 2) if prefix else causal_mask(n)
    logits, _ = model(inputs, allowed)
    return target_span_loss(logits, targets, n_source, real)
