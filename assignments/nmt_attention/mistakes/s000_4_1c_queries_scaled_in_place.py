"""
item: s000-4.1c
cell: s000-4_1c
caught_by: vectorised_attention_has_no_side_effects
misconception: the arguments are mine
explain: You divide the caller's queries in place. They come back changed, and a second call gives something
  else.
"""


def attention(Q, K, V):
    with torch.no_grad():
        Q /= math.sqrt(Q.shape[-1])
    return torch.softmax(Q @ K.transpose(-1, -2), dim=-1) @ V
