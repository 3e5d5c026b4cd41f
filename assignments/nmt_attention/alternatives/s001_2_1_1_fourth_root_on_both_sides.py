"""
item: s001-2.1.1
cell: s001-2_1_1
why: each side is divided by the fourth root of h
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
        r = self.hidden_size ** 0.25
        w = ((self.K(keys) / r) @ (self.Q(queries) / r).transpose(-1, -2)).softmax(1)
        return w.transpose(1, 2) @ self.V(values), w
