"""
item: s000-4.2
cell: s000-4_2
caught_by: masked_attention_has_no_side_effects
misconception: the arguments are mine
explain: You erase key and value in the caller's tensors. The mask itself holds, but whoever called you has
  lost a token.
"""


def masked_attention(Q, K, V, pos):
    with torch.no_grad():
        K[..., pos, :] = 0
        V[..., pos, :] = 0
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    hidden = torch.arange(K.shape[-2]) == pos
    scores = scores.masked_fill(hidden, -math.inf)
    weights = torch.softmax(scores, dim=-1)
    return weights @ V, weights
