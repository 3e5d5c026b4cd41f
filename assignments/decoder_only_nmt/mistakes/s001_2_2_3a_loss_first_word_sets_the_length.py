"""
item: s001-2.2.3a-loss
cell: s001-2_2_3a-loss
caught_by: causal_training_loss_fits_together
misconception: the first word of a batch is as long as the others
explain: You cut all translations to the length of the first. Words of one batch have translations of
  different lengths: `real` says, row by row, where each one ends.
"""

def target_span_loss(logits, targets, n_source, real):
    return token_loss(logits[:, n_source:], targets[:, n_source:], real)


def decoder_loss(model, source, target, real, prefix=False):
    n = int(real[0].sum())
    target, real = target[:, :n], real[:, :n]
    inputs, targets = generate_tensors_for_training_decoder_nmt(source, target, vocabulary.sos, False)
    S, T = source.shape[1], target.shape[1]
    allowed = prefix_mask(S + 1, T - 1) if prefix else causal_mask(S + T)
    return target_span_loss(model(inputs, allowed)[0], targets, S, real)
