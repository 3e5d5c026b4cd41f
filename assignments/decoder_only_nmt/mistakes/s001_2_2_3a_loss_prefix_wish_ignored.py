"""
item: s001-2.2.3a-loss
cell: s001-2_2_3a-loss
caught_by: prefix_training_loss_fits_together
misconception: the mask is always causal
explain: decoder_loss uses the causal mask whether or not a prefix is asked for.
"""

def target_span_loss(logits, targets, n_source, real):
    return token_loss(logits[:, n_source:], targets[:, n_source:], real)


def decoder_loss(model, source, target, real, prefix=False):
    inputs, targets = generate_tensors_for_training_decoder_nmt(source, target, vocabulary.sos, source.is_cuda)
    n_source, n = source.shape[1], inputs.shape[1]
    allowed = causal_mask(n)
    logits, _ = model(inputs, allowed)
    return target_span_loss(logits, targets, n_source, real)
