"""
item: s001-2.1.2
cell: s001-2_1_2
caught_by: rule_counts_from_the_first_key, causal_attention_equals_the_reference
misconception: keys beyond the last query stay visible
explain: Your triangle is a square as long as the queries, and keys beyond it are hidden from nobody. Key j
  is hidden from query i for every j > i, up to the last key.
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
        side = min(scores.shape[1:])
        future = torch.zeros(scores.shape[1:], dtype=torch.bool)
        future[:side, :side] = torch.ones(side, side, dtype=torch.bool).triu(1)
        scores = scores.masked_fill(future, -math.inf)
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)
