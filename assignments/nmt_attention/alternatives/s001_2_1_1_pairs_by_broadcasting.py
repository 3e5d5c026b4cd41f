"""
item: s001-2.1.1
cell: s001-2_1_1
why: every pair of query and key by broadcasting, keys first
"""


class ScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        if queries.ndim < 3:
            queries = queries.unsqueeze(-2)
        s = (self.Q(queries)[:, None] * self.K(keys)[:, :, None]).sum(-1) / self.hidden_size ** 0.5
        w = s.softmax(1)
        return (w[..., None] * self.V(values)[:, :, None]).sum(1), w
