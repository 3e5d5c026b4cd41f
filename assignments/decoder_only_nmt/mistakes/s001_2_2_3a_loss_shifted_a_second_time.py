"""
item: s001-2.2.3a-loss
cell: s001-2_2_3a-loss
caught_by: loss_is_a_sum_with_its_count, gradient_reaches_what_counts, causal_training_loss_fits_together,
  prefix_training_loss_fits_together
misconception: logits and targets have to be shifted against each other in the loss
explain: You shift logits and targets against each other once more. The targets already are the next tokens;
  position i of the one belongs to position i of the other.
"""

def target_span_loss(logits, targets, n_source, real):
    return token_loss(logits[:, n_source - 1 : -1], targets[:, n_source:], real)


def decoder_loss(model, source, target, real, prefix=False):
    inputs, targets = generate_tensors_for_training_decoder_nmt(source, target, vocabulary.sos, source.is_cuda)
    n_source, n = source.shape[1], inputs.shape[1]
    allowed = prefix_mask(n_source + 1, n - n_source - 1) if prefix else causal_mask(n)
    logits, _ = model(inputs, allowed)
    return target_span_loss(logits, targets, n_source, real)
