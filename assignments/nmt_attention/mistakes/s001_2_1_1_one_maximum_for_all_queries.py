"""
item: s001-2.1.1
cell: s001-2_1_1
caught_by: attention_survives_large_scores
misconception: any maximum will do against overflow
explain: You subtract the largest score of the whole batch. For a query whose own largest score lies far below,
  every exp is 0, and so is its sum. Subtract the maximum of each query.
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
        s = q @ k.transpose(1, 2) / math.sqrt(self.hidden_size)
        e = torch.exp(s - s.max())
        weights = e / (e.sum(2, keepdim=True) + 1e-9)
        return weights @ v, weights.transpose(1, 2)
