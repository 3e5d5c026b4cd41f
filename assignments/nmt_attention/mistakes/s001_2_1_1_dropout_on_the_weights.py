"""
item: s001-2.1.1
cell: s001-2_1_1
caught_by: context_is_a_weighted_mean_of_projected_values, attention_has_no_side_effects
misconception: attention comes with dropout
explain: You drop some of the weights by chance, so that two calls with the same inputs differ. No dropout is
  asked for here.
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
        weights = torch.softmax(q @ k.transpose(1, 2) / math.sqrt(self.hidden_size), dim=2)
        return torch.nn.functional.dropout(weights, 0.5) @ v, weights.transpose(1, 2)
