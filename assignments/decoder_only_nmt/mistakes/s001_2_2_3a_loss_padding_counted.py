"""
item: s001-2.2.3a-loss
cell: s001-2_2_3a-loss
caught_by: padding_costs_nothing, loss_is_a_sum_with_its_count, causal_training_loss_fits_together,
  prefix_training_loss_fits_together
misconception: everything after the source counts
explain: You count the padding too. Saying EOS again after EOS is easy, so short words make your loss look
  small.
"""

def target_span_loss(logits, targets, n_source, real):
    return token_loss(logits[:, n_source:], targets[:, n_source:], torch.ones_like(real))


def decoder_loss(model, source, target, real, prefix=False):
    inputs, targets = generate_tensors_for_training_decoder_nmt(source, target, vocabulary.sos, source.is_cuda)
    n_source, n = source.shape[1], inputs.shape[1]
    allowed = prefix_mask(n_source + 1, n - n_source - 1) if prefix else causal_mask(n)
    logits, _ = model(inputs, allowed)
    return target_span_loss(logits, targets, n_source, real)
