"""
item: s000-4.2
cell: s000-4_2
caught_by: masked_key_gets_no_weight
misconception: a very negative key has a very negative score
explain: You put -1e9 into the key. Its score is a product with the query, and where the query has negative
  numbers it becomes hugely *positive*. Set the score, not the key.
"""


def masked_attention(Q, K, V, pos):
    K = K.clone()
    K[..., pos, :] = -1e9
    w = torch.softmax(Q @ K.mT / math.sqrt(Q.shape[-1]), -1)
    return w @ V, w
