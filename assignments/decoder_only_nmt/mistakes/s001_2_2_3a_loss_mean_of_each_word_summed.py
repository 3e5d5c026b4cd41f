"""
item: s001-2.2.3a-loss
cell: s001-2_2_3a-loss
caught_by: loss_is_a_sum_with_its_count, causal_training_loss_fits_together, prefix_training_loss_fits_together
misconception: each word counts the same
explain: You add up the means of the words. A sum over all tokens gives each token the same weight, in a long word and
  in a short one.
"""

def target_span_loss(logits, targets, n_source, real):
    costs = nn.functional.cross_entropy(logits[:, n_source:].mT, targets[:, n_source:], reduction="none")
    return ((costs * real).sum(dim=1) / real.sum(dim=1)).sum(), int(real.sum())


def decoder_loss(model, source, target, real, prefix=False):
    inputs, targets = generate_tensors_for_training_decoder_nmt(source, target, vocabulary.sos, source.is_cuda)
    n_source, n = source.shape[1], inputs.shape[1]
    allowed = prefix_mask(n_source + 1, n - n_source - 1) if prefix else causal_mask(n)
    logits, _ = model(inputs, allowed)
    return target_span_loss(logits, targets, n_source, real)
