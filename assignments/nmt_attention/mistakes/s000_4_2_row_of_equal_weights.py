"""
item: s000-4.2
cell: s000-4_2
caught_by: masked_position_still_asks
misconception: the masked row is masked too
explain: In the row of the masked position every key gets the same weight. Its query should be answered like
  any other.
"""


def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    hidden = torch.arange(K.shape[-2]) == pos
    scores = scores.masked_fill(hidden[:, None], 0.0).masked_fill(hidden, -math.inf)
    weights = torch.softmax(scores, dim=-1)
    return weights @ V, weights
