"""
item: s001-2.2.3a-loss
cell: s001-2_2_3a-loss
caught_by: gradient_reaches_what_counts
misconception: a loss is a number to look at
explain: Your sum is a plain number, so no gradient can flow from it and nothing can be trained. Keep it a
  tensor.
"""

def target_span_loss(logits, targets, n_source, real):
    total, number = token_loss(logits[:, n_source:], targets[:, n_source:], real)
    return total.detach(), number


def decoder_loss(model, source, target, real, prefix=False):
    inputs, targets = generate_tensors_for_training_decoder_nmt(source, target, vocabulary.sos, source.is_cuda)
    n_source, n = source.shape[1], inputs.shape[1]
    allowed = prefix_mask(n_source + 1, n - n_source - 1) if prefix else causal_mask(n)
    logits, _ = model(inputs, allowed)
    return target_span_loss(logits, targets, n_source, real)
