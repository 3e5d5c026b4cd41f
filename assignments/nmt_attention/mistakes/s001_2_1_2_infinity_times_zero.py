"""
item: s001-2.1.2
cell: s001-2_1_2
caught_by: no_query_attends_to_a_later_key, visible_keys_share_the_whole_weight
misconception: minus infinity times 0 is 0
explain: You multiply a matrix of zeros and ones by minus infinity, and 0 times infinity is NaN. Fill the places
  that are hidden (masked_fill, torch.where) instead of multiplying.
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
        future = torch.ones(scores.shape[1:]).triu(1)
        weights = torch.softmax(scores + future * -math.inf, dim=2)
        return weights @ v, weights.transpose(1, 2)
