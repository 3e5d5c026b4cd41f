"""
item: s001-2.1.1
cell: s001-2_1_1
caught_by: scores_compare_queries_with_keys, context_is_a_weighted_mean_of_projected_values
misconception: scores from values, context from keys
explain: You compare queries with the values and mix the keys. It is the other way round: a query meets
  keys, and reads values.
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
        q, k, v = self.Q(queries), self.K(values), self.V(keys)
        scores = q @ k.transpose(1, 2) / math.sqrt(self.hidden_size)
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)
