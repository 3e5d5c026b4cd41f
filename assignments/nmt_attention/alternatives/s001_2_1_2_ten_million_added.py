"""
item: s001-2.1.2
cell: s001-2_1_2
why: an additive triangle of -1e7, as in older course material
"""

class CausalScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)
        self.neg_inf = torch.tensor(-1e7)

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        scores = q @ k.transpose(1, 2) / math.sqrt(self.hidden_size)
        scores = scores + torch.triu(torch.ones_like(scores), diagonal=1) * self.neg_inf
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)
