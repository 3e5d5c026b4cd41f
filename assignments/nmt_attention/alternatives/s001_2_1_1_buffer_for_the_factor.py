"""
item: s001-2.1.1
cell: s001-2_1_1
why: the factor lives in a buffer; results as a list
"""

class ScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)
        self.register_buffer("factor", torch.tensor(1.0 / math.sqrt(hidden_size)), persistent=False)

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        scores = (q @ k.transpose(-2, -1)) * self.factor
        weights = torch.softmax(scores, dim=2)
        return [weights @ v, weights.transpose(-2, -1)]
