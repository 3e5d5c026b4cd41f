"""
item: s001-2.2.3a-loss
cell: s001-2_2_3a-loss
why: everything that does not count is marked and ignored by cross-entropy
"""

from torch.nn.functional import cross_entropy


def target_span_loss(logits, targets, n_source, real):
    marked = targets.clone()
    marked[:, :n_source] = -100
    marked[:, n_source:][~real] = -100
    total = cross_entropy(logits.flatten(0, 1), marked.flatten(), ignore_index=-100, reduction="sum")
    return [total, int((marked != -100).sum())]


def decoder_loss(model, source, target, real, prefix=False):
    read, expected = generate_tensors_for_training_decoder_nmt(source, target, vocabulary.sos, source.is_cuda)
    known = source.shape[1] + 1 if prefix else 0
    logits = model(read, prefix_mask(known, read.shape[1] - known))[0]
    return target_span_loss(logits, expected, source.shape[1], real)
