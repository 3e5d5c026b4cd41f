"""
item: s001-2.1.2
cell: s001-2_1_2
why: a large triangle made once, cut to size
"""

class CausalScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)
        self.register_buffer("mask", torch.ones(200, 200, dtype=torch.bool).tril(), persistent=False)

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        scores = q @ k.transpose(1, 2) / math.sqrt(self.hidden_size)
        scores = scores.masked_fill(~self.mask[: scores.shape[1], : scores.shape[2]], -math.inf)
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)
