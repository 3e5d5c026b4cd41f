"""
item: s001-2.1.2
cell: s001-2_1_2
caught_by: visible_keys_share_the_whole_weight, later_keys_can_be_cut_off,
  causal_attention_equals_the_reference
misconception: softmax over the wrong axis
explain: Your softmax runs over the queries: for each key the weights sum to 1. Each query shares out its
  own weight over the keys that it sees.
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
        future = torch.ones(scores.shape[1:], dtype=torch.bool).triu(1)
        scores = scores.masked_fill(future, -math.inf)
        weights = torch.softmax(scores, dim=1)
        return weights @ v, weights.transpose(1, 2)
