"""
item: s001-2.2.3a-loss
cell: s001-2_2_3a-loss
caught_by: loss_is_a_sum_with_its_count
misconception: what is mine is not the caller's
explain: You write -100 into the targets that you were given. The caller still needs them: work on a copy
  (`targets.clone()`).
"""

def target_span_loss(logits, targets, n_source, real):
    targets[:, :n_source] = -100
    targets[:, n_source:][~real] = -100
    total = nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-100, reduction="sum")
    return total, int(real.sum())


def decoder_loss(model, source, target, real, prefix=False):
    inputs, targets = generate_tensors_for_training_decoder_nmt(source, target, vocabulary.sos, source.is_cuda)
    n_source, n = source.shape[1], inputs.shape[1]
    allowed = prefix_mask(n_source + 1, n - n_source - 1) if prefix else causal_mask(n)
    logits, _ = model(inputs, allowed)
    return target_span_loss(logits, targets, n_source, real)
