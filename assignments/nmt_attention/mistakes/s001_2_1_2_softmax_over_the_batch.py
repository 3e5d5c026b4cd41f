"""
item: s001-2.1.2
cell: s001-2_1_2
caught_by: visible_keys_share_the_whole_weight, causal_examples_stand_alone
misconception: softmax over axis 0
explain: Your softmax runs over the batch, so the examples compete with each other (and where all of them
  are hidden, the result is NaN). Name the axis of the keys.
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
        weights = torch.softmax(scores.clamp(min=-1e30), dim=0)
        return weights @ v, weights.transpose(1, 2)
