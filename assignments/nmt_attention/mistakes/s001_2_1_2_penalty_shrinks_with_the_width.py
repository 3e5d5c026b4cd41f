"""
item: s001-2.1.2
cell: s001-2_1_2
caught_by: mask_holds_for_large_scores
misconception: a penalty that holds in a narrow layer holds in a wide one
explain: You fill in -100 000 and divide by the root of h afterwards. At width 64 that leaves -12 500, which
  is not below all other scores. Mask after scaling, with minus infinity.
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
        scores = q @ k.transpose(1, 2)
        future = torch.ones(scores.shape[1:], dtype=torch.bool).triu(1)
        weights = torch.softmax(scores.masked_fill(future, -1e5) / math.sqrt(self.hidden_size), dim=2)
        return weights @ v, weights.transpose(1, 2)
