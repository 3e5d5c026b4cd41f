"""
item: s000-4.1c
cell: s000-4_1c
caught_by: vectorised_attention_survives_large_scores
misconception: what torch.where does not choose has no effect
explain: You let exp overflow and replace the results that are no numbers. The outputs are right, but the
  gradient still goes through that exp, and there it is infinity times 0, which is NaN. Subtract the maximum
  before exp, as torch.softmax does.
"""


def attention(Q, K, V):
    scores = Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1])
    exponentials = torch.exp(scores)
    weights = exponentials / exponentials.sum(dim=-1, keepdim=True)
    weights = torch.where(torch.isfinite(weights), weights, torch.softmax(scores, dim=-1))
    return weights @ V
