"""
item: s001-2.2.3a-loss
cell: s001-2_2_3a-loss
why: a sum over words and positions in plain loops
"""

def target_span_loss(logits, targets, n_source, real):
    total, number = logits.new_zeros(()), 0
    for row in range(len(real)):
        for place in range(real.shape[1]):
            if real[row, place]:
                scores = logits[row, n_source + place]
                total = total + torch.logsumexp(scores, 0) - scores[targets[row, n_source + place]]
                number += 1
    return total, number


def decoder_loss(model, source, target, real, prefix=False):
    inputs, targets = generate_tensors_for_training_decoder_nmt(source, target, vocabulary.sos, cuda=False)
    n = inputs.shape[1]
    allowed = causal_mask(n)
    if prefix:
        allowed = allowed.clone()
        allowed[: source.shape[1] + 1, : source.shape[1] + 1] = True
    return target_span_loss(model(inputs, allowed)[0], targets, source.shape[1], real)
