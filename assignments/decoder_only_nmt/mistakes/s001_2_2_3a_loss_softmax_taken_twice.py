"""
item: s001-2.2.3a-loss
cell: s001-2_2_3a-loss
caught_by: loss_is_a_sum_with_its_count, gradient_reaches_what_counts, causal_training_loss_fits_together,
  prefix_training_loss_fits_together
misconception: cross-entropy wants probabilities
explain: You apply softmax before the cross-entropy, which applies its own. Probabilities of probabilities
  are nearly even, whatever the model says.
"""

def target_span_loss(logits, targets, n_source, real):
    return token_loss(logits[:, n_source:].softmax(dim=-1), targets[:, n_source:], real)


def decoder_loss(model, source, target, real, prefix=False):
    inputs, targets = generate_tensors_for_training_decoder_nmt(source, target, vocabulary.sos, source.is_cuda)
    n_source, n = source.shape[1], inputs.shape[1]
    allowed = prefix_mask(n_source + 1, n - n_source - 1) if prefix else causal_mask(n)
    logits, _ = model(inputs, allowed)
    return target_span_loss(logits, targets, n_source, real)
