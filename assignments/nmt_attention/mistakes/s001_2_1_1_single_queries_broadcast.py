"""
item: s001-2.1.1
cell: s001-2_1_1
caught_by: two_dimensional_queries_are_one_query
misconception: (b, h) queries meet all examples
explain: With queries of shape (b, h) your layer takes them for b queries that every example asks. They are
  one query per example: the missing axis belongs in the middle.
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
            queries = queries.unsqueeze(0).expand(len(keys), -1, -1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        scores = q @ k.transpose(1, 2) / math.sqrt(self.hidden_size)
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)
