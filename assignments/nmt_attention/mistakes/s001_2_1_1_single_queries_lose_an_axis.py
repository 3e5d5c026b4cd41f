"""
item: s001-2.1.1
cell: s001-2_1_1
caught_by: two_dimensional_queries_are_one_query
misconception: squeezes the result
explain: For queries of shape (b, h) your results lose the axis of the queries again. It should stay, with
  length 1.
"""

class ScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        single = queries.dim() == 2
        if single:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        weights = torch.softmax(q @ k.transpose(1, 2) / math.sqrt(self.hidden_size), dim=2)
        context, weights = weights @ v, weights.transpose(1, 2)
        return (context[:, 0], weights[:, :, 0]) if single else (context, weights)
