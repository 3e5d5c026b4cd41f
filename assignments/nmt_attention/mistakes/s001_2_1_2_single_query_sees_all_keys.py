"""
item: s001-2.1.2
cell: s001-2_1_2
caught_by: single_query_sees_only_the_first_key
misconception: 2-D queries are not masked
explain: With queries of shape (b, h) your layer hides nothing. They count as one query, and its number is
  0: it sees key 0 only.
"""

class CausalScaledDotAttention(nn.Module):
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
        scores = q @ k.transpose(1, 2) / math.sqrt(self.hidden_size)
        if not single:
            scores = scores.masked_fill(torch.ones(scores.shape[1:], dtype=torch.bool).triu(1), -math.inf)
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)
