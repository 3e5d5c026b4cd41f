"""
item: s001-2.1.2
cell: s001-2_1_2
why: K Q^T, the lower triangle hidden, softmax over axis 1
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
        scores = torch.bmm(k, q.transpose(1, 2)) / self.hidden_size**0.5
        future = torch.ones_like(scores, dtype=torch.bool).tril(-1)
        scores[future] = -math.inf
        weights = torch.softmax(scores, dim=1)
        return torch.bmm(weights.transpose(1, 2), v), weights
