"""
item: s000-4.2
cell: s000-4_2
caught_by: mask_holds_in_batches_and_heads
misconception: the batch has one item
explain: Only the first slice of a batch is masked.
"""


def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    scores = scores.clone()
    scores.reshape(-1, *scores.shape[-2:])[0, :, pos] = -math.inf
    weights = torch.softmax(scores, dim=-1)
    return weights @ V, weights
