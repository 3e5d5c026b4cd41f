"""
item: s001-2.1.1
cell: s001-2_1_1
why: torch.bmm for both products
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
        scores = torch.bmm(q, k.transpose(1, 2)) / self.hidden_size**0.5
        weights = torch.softmax(scores, dim=2)
        return torch.bmm(weights, v), weights.permute(0, 2, 1)
