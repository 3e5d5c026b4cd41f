"""
item: s001-2.2.3a-loss
cell: s001-2_2_3a-loss
caught_by: the_whole_translation_counts, loss_is_a_sum_with_its_count
misconception: token 0 is the padding
explain: You mark padding with 0 and tell the loss to ignore 0. But 0 is the letter a, so no a counts.
  Choose a mark that is no token, or use `real` itself.
"""

def target_span_loss(logits, targets, n_source, real):
    wanted = targets[:, n_source:].masked_fill(~real, 0)
    total = nn.functional.cross_entropy(logits[:, n_source:].mT, wanted, ignore_index=0, reduction="sum")
    return total, int(real.sum())


def decoder_loss(model, source, target, real, prefix=False):
    inputs, targets = generate_tensors_for_training_decoder_nmt(source, target, vocabulary.sos, False)
    S, T = source.shape[1], target.shape[1]
    allowed = prefix_mask(S + 1, T - 1) if prefix else causal_mask(S + T)
    return target_span_loss(model(inputs, allowed)[0], targets, S, real)
