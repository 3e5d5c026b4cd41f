"""
item: s001-2.1.1
cell: s001-2_1_1
caught_by: weights_sum_to_one_over_the_keys, scores_compare_queries_with_keys
misconception: normalise by the plain sum
explain: You divide the scores by their sum, without the exponential. The shares may be negative, and where
  the sum is near zero they explode. Exponentials are positive.
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
        weights = scores / scores.sum(2, keepdim=True)
        return weights @ v, weights.transpose(1, 2)
