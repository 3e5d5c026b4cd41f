"""
item: s001-2.1.1
cell: s001-2_1_1
caught_by: weights_sum_to_one_over_the_keys
misconception: scores serve as weights
explain: You use the scores themselves as weights: they may be negative and sum to anything. Softmax makes
  shares of them.
"""

class ScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        scores = q @ k.transpose(1, 2) / math.sqrt(self.hidden_size)
        weights = scores
        return weights @ v, weights.transpose(1, 2)
