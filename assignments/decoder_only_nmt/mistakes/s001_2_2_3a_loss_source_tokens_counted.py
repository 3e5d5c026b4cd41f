"""
item: s001-2.2.3a-loss
cell: s001-2_2_3a-loss
caught_by: the_source_costs_nothing, loss_is_a_sum_with_its_count, gradient_reaches_what_counts,
  causal_training_loss_fits_together, prefix_training_loss_fits_together
misconception: every token of the sequence is a target
explain: You count the source as well. Guessing the letters of an English word is another task, and under
  the prefix mask the source has already seen them.
"""

def target_span_loss(logits, targets, n_source, real):
    everywhere = torch.cat((torch.ones_like(targets[:, :n_source], dtype=torch.bool), real), dim=1)
    return token_loss(logits, targets, everywhere)


def decoder_loss(model, source, target, real, prefix=False):
    inputs, targets = generate_tensors_for_training_decoder_nmt(source, target, vocabulary.sos, source.is_cuda)
    n_source, n = source.shape[1], inputs.shape[1]
    allowed = prefix_mask(n_source + 1, n - n_source - 1) if prefix else causal_mask(n)
    logits, _ = model(inputs, allowed)
    return target_span_loss(logits, targets, n_source, real)
