"""
item: s001-2.1.1
cell: s001-2_1_1
caught_by: scores_compare_queries_with_keys
misconception: euclidean scores
explain: Your scores are distances between queries and keys. Dot-product attention multiplies them; long
  keys then count for more, which a distance punishes.
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
        scores = -torch.cdist(q, k) / math.sqrt(self.hidden_size)
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)
