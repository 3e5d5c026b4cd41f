"""
item: s001-2.1.2
cell: s001-2_1_2
caught_by: no_query_attends_to_a_later_key, future_keys_and_values_change_nothing,
  no_gradient_comes_from_the_future
misconception: the mask the other way round
explain: You hide the past and show the future: the triangle is the other one. (Or the mask means the
  opposite of what you take it for: does True say "visible" or "hidden"?)
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
        past = torch.ones(scores.shape[1:], dtype=torch.bool).tril(-1)
        scores = scores.masked_fill(past, -math.inf)
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)
