"""
item: s001-2.1.2
cell: s001-2_1_2
caught_by: rule_counts_from_the_first_key, causal_attention_equals_the_reference
misconception: the last query sees the last key
explain: Your triangle is laid into the corner at the end, so that the last query sees the last key. With as
  many keys as queries nobody can tell; with more keys, query 0 sees several keys at once. The rule counts
  both from 0.
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
        k_len, n_len = scores.shape[1:]
        future = torch.ones(k_len, n_len, dtype=torch.bool).triu(1 + n_len - k_len)
        scores = scores.masked_fill(future, -math.inf)
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)
