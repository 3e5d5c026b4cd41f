"""
item: s001-2.1.1
cell: s001-2_1_1
why: the root divides the queries instead of the scores
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
        q, k, v = self.Q(queries) / math.sqrt(self.hidden_size), self.K(keys), self.V(values)
        scores = torch.matmul(q, k.mT)
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)
