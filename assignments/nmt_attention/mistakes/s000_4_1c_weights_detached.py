"""
item: s000-4.1c
cell: s000-4_1c
caught_by: gradients_reach_queries_keys_and_values
misconception: weights are constants
explain: Your weights are cut off from the gradient, so only the values could learn.
"""


def attention(Q, K, V):
    weights = torch.softmax(Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1]), dim=-1)
    return weights.detach() @ V + 0 * Q.sum() + 0 * K.sum()
