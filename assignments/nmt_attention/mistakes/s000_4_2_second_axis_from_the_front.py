"""
item: s000-4.2
cell: s000-4_2
caught_by: mask_holds_in_batches_and_heads
misconception: scores have two axes
explain: You mask along the second axis from the front. With a batch or heads in front that is no longer the
  key axis.
"""


def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    scores[:, pos] = -1e9
    weights = torch.softmax(scores, dim=-1)
    return weights @ V, weights
