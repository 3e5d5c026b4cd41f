"""
item: s001-2.2.3a-loss
cell: s001-2_2_3a-loss
caught_by: prefix_training_loss_fits_together
misconception: two sequences of the same length have the same mask
explain: You keep masks and look them up by the length of the whole sequence. A prefix mask also depends
  on where the source ends.
"""

def target_span_loss(logits, targets, n_source, real):
    return token_loss(logits[:, n_source:], targets[:, n_source:], real)


MASKS = {}


def decoder_loss(model, source, target, real, prefix=False):
    inputs, targets = generate_tensors_for_training_decoder_nmt(source, target, vocabulary.sos, False)
    S, T = source.shape[1], target.shape[1]
    if (S + T, prefix) not in MASKS:
        MASKS[S + T, prefix] = prefix_mask(S + 1, T - 1) if prefix else causal_mask(S + T)
    return target_span_loss(model(inputs, MASKS[S + T, prefix])[0], targets, S, real)
