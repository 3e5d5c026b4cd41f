"""
item: s000-4.2
cell: s000-4_2
caught_by: masked_weights_survive_large_scores
misconception: exp and divide
explain: The mask holds, but your exponentials overflow for large scores. Subtract the largest allowed score
  of each row first, or use a softmax that does.
"""


def masked_attention(Q, K, V, pos):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    hidden = torch.arange(K.shape[-2]) == pos
    raised = torch.exp(scores) * (~hidden).to(scores.dtype)
    weights = raised / raised.sum(-1, keepdim=True)
    return weights @ V, weights
