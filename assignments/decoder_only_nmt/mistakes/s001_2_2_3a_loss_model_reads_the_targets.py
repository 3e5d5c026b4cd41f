"""
item: s001-2.2.3a-loss
cell: s001-2_2_3a-loss
caught_by: causal_training_loss_fits_together, prefix_training_loss_fits_together
misconception: source and translation go in as they are
explain: The model is given the targets to read, so at each position it sees the very token that it should predict.
"""

def target_span_loss(logits, targets, n_source, real):
    return token_loss(logits[:, n_source:], targets[:, n_source:], real)


def decoder_loss(model, source, target, real, prefix=False):
    inputs, targets = generate_tensors_for_training_decoder_nmt(source, target, vocabulary.sos, source.is_cuda)
    n_source, n = source.shape[1], inputs.shape[1]
    allowed = prefix_mask(n_source + 1, n - n_source - 1) if prefix else causal_mask(n)
    logits, _ = model(targets, allowed)
    return target_span_loss(logits, targets, n_source, real)
