"""
item: s000-4.1c
cell: s000-4_1c
caught_by: vectorised_attention_survives_large_scores
misconception: large scores are an accident
explain: You clip the scores. For large scores the winner is then no longer the one with the largest score.
"""


def attention(Q, K, V):
    scores = (Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])).clamp(-50, 50)
    return torch.softmax(scores, dim=-1) @ V
