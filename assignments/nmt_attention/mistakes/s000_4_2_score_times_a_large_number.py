"""
item: s000-4.2
cell: s000-4_2
caught_by: masked_key_gets_no_weight
misconception: times -1e9 makes any number very negative
explain: You multiply the score of the masked key by -1e9. A negative score becomes hugely positive that way.
  Put a fixed score in its place: minus infinity.
"""


def masked_attention(Q, K, V, pos):
    s = Q @ K.mT / math.sqrt(Q.shape[-1])
    s = s.clone()
    s[..., pos] = s[..., pos] * -1e9
    w = torch.softmax(s, -1)
    return w @ V, w
