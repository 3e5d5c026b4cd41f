"""
item: s000-4.1c
cell: s000-4_1c
caught_by: vectorised_attention_survives_large_scores
misconception: exp and divide
explain: Your exponentials overflow for large scores, and infinity divided by infinity is not a number.
  Subtract the largest score of each row first, or use a softmax that does.
"""


def attention(Q, K, V):
    raised = torch.exp(Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1]))
    return raised / raised.sum(dim=-1, keepdim=True) @ V
