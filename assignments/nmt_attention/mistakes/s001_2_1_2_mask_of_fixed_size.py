"""
item: s001-2.1.2
cell: s001-2_1_2
caught_by: causal_attention_equals_the_reference
misconception: 32 positions are enough
explain: Your mask covers the first 32 queries and keys, and beyond them everything can be seen. Take its size
  from the scores.
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
        n, m = scores.shape[1:]
        future = torch.zeros(n, m, dtype=torch.bool)
        future[:32, :32] = torch.ones(32, 32, dtype=torch.bool).triu(1)[:n, :m]
        weights = torch.softmax(scores.masked_fill(future, -math.inf), dim=2)
        return weights @ v, weights.transpose(1, 2)
