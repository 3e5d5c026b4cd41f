"""
item: s001-2.1.1
cell: s001-2_1_1
caught_by: context_is_a_weighted_mean_of_projected_values, attention_equals_the_reference
misconception: the residual belongs into the layer
explain: You add the queries to the context. The translator adds the input after each attention by itself; here
  only the mixture of values is asked for.
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
        return weights @ v + queries, weights.transpose(1, 2)
