"""
item: s001-2.2.3a-loss
cell: s001-2_2_3a-loss
caught_by: loss_is_a_sum_with_its_count, causal_training_loss_fits_together, prefix_training_loss_fits_together
misconception: a loss is counted in bits
explain: Your loss is in bits. Nats were asked for: the natural logarithm, as cross-entropy in torch has it.
"""

def target_span_loss(logits, targets, n_source, real):
    total, number = token_loss(logits[:, n_source:], targets[:, n_source:], real)
    return total / torch.log(torch.tensor(2.0)), number


def decoder_loss(model, source, target, real, prefix=False):
    inputs, targets = generate_tensors_for_training_decoder_nmt(source, target, vocabulary.sos, source.is_cuda)
    n_source, n = source.shape[1], inputs.shape[1]
    allowed = prefix_mask(n_source + 1, n - n_source - 1) if prefix else causal_mask(n)
    logits, _ = model(inputs, allowed)
    return target_span_loss(logits, targets, n_source, real)
