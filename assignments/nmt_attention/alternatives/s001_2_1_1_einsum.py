"""
item: s001-2.1.1
cell: s001-2_1_1
why: einsum, scores laid out with keys first, so that the weights need no transpose
"""

class ScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        queries = queries[:, None] if queries.ndim == 2 else queries
        scores = torch.einsum("bnh,bkh->bnk", self.K(keys), self.Q(queries)) * self.hidden_size ** -0.5
        weights = scores.softmax(dim=1)
        return torch.einsum("bnk,bnh->bkh", weights, self.V(values)), weights
