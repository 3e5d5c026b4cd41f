"""
item: s001-2.1.2
cell: s001-2_1_2
caught_by: no_query_attends_to_a_later_key, no_gradient_comes_from_the_future
misconception: triangle for (k, n) on scores (n, k)
explain: Your scores have keys in rows, but your triangle is made for queries in rows: it hides the past.
  Turn the triangle over, or the scores.
"""

class CausalScaledDotAttention(nn.Module):
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
        scores = k @ q.transpose(1, 2) / math.sqrt(self.hidden_size)
        weights = torch.softmax(scores.masked_fill(torch.ones(scores.shape[1:], dtype=torch.bool).triu(1), -1e9), dim=1)
        return weights.transpose(1, 2) @ v, weights
