"""
item: s001-2.1.2
cell: s001-2_1_2
caught_by: no_query_attends_to_a_later_key, rule_counts_from_the_first_key
misconception: strictly earlier keys only, repaired in row 0
explain: Your queries see the keys before their own place only, with an exception for query 0, which would see
  nothing. The rule is j <= i: every query sees the key at its own place.
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
        scores = q @ k.transpose(1, 2) / math.sqrt(self.hidden_size)
        future = torch.ones(scores.shape[1:], dtype=torch.bool).triu(0)
        future[0, 0] = False
        weights = torch.softmax(scores.masked_fill(future, -math.inf), dim=2)
        return weights @ v, weights.transpose(1, 2)
