"""
item: s001-2.1.2
cell: s001-2_1_2
caught_by: no_query_attends_to_a_later_key, future_keys_and_values_change_nothing
misconception: multiply the scores by zeros
explain: You multiply the forbidden scores by 0. A score of 0 is an ordinary score with weight exp(0) = 1.
  Forbidden ones must be minus infinity.
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
        scores = scores * torch.ones(scores.shape[1:], dtype=scores.dtype).tril()
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)
