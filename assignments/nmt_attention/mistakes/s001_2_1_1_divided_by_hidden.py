"""
item: s001-2.1.1
cell: s001-2_1_1
caught_by: scores_are_divided_by_the_root_of_hidden, attention_equals_the_reference
misconception: h instead of its root
explain: You divide the scores by the hidden size itself. Their variance grows with h, so their size grows
  with the root of h; dividing by h makes all weights nearly equal.
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
        scores = q @ k.transpose(1, 2) / self.hidden_size
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)
