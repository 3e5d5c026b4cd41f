"""
item: s001-2.2.3a-loss
cell: s001-2_2_3a-loss
caught_by: loss_is_a_sum_with_its_count
misconception: the logarithm of softmax may be taken in two steps
explain: Where the model is sure of another token, softmax gives a probability of exactly 0, and its
  logarithm is infinite. Take both in one step: log_softmax or cross_entropy.
"""

def target_span_loss(logits, targets, n_source, real):
    p = logits[:, n_source:].softmax(-1).gather(-1, targets[:, n_source:, None])[..., 0]
    return -(p.log() * real).sum(), int(real.sum())


def decoder_loss(model, source, target, real, prefix=False):
    inputs, targets = generate_tensors_for_training_decoder_nmt(source, target, vocabulary.sos, False)
    S, T = source.shape[1], target.shape[1]
    allowed = prefix_mask(S + 1, T - 1) if prefix else causal_mask(S + T)
    return target_span_loss(model(inputs, allowed)[0], targets, S, real)
