"""
item: s000-4.1c
cell: s000-4_1c
caught_by: vectorised_attention_survives_large_scores
misconception: large scores are far apart
explain: Where scores are large you give the largest one all the weight. But 9998 and 9999 are one unit
  apart, as 0 and 1 are: only differences count, and softmax needs no help with large scores.
"""


def attention(Q, K, V):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    if scores.abs().max() > 100:
        weights = nn.functional.one_hot(scores.argmax(-1), K.shape[-2]).to(V.dtype)
    else:
        weights = torch.softmax(scores, dim=-1)
    return weights @ V
