"""
item: s001-2.1.1
cell: s001-2_1_1
why: K Q^T and softmax over axis 1
"""

class ScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)
        self.softmax = nn.Softmax(dim=1)
        self.scaling = torch.rsqrt(torch.tensor(hidden_size, dtype=torch.float64))

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        unnormalized = torch.bmm(k, q.transpose(2, 1)) * self.scaling
        weights = self.softmax(unnormalized)
        return torch.bmm(weights.transpose(2, 1), v), weights
