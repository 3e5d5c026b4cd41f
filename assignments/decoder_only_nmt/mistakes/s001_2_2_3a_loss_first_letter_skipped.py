"""
item: s001-2.2.3a-loss
cell: s001-2_2_3a-loss
caught_by: the_whole_translation_counts, loss_is_a_sum_with_its_count, gradient_reaches_what_counts,
  causal_training_loss_fits_together, prefix_training_loss_fits_together
misconception: logits and targets start one place after the source
explain: You skip the first letter of each translation, the one that is said where EOP is read. It is the
  hardest letter of all, so your loss looks better than it is.
"""

def target_span_loss(logits, targets, n_source, real):
    return token_loss(logits[:, n_source + 1 :], targets[:, n_source + 1 :], real[:, 1:])


def decoder_loss(model, source, target, real, prefix=False):
    inputs, targets = generate_tensors_for_training_decoder_nmt(source, target, vocabulary.sos, source.is_cuda)
    n_source, n = source.shape[1], inputs.shape[1]
    allowed = prefix_mask(n_source + 1, n - n_source - 1) if prefix else causal_mask(n)
    logits, _ = model(inputs, allowed)
    return target_span_loss(logits, targets, n_source, real)
