"""
item: s001-2.1.1
cell: s001-2_1_1
why: softmax by hand, with the largest score of each query taken off
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
        scores = q @ k.transpose(1, 2) / math.sqrt(self.hidden_size)
        shares = (scores - scores.max(dim=2, keepdim=True).values).exp()
        weights = shares / shares.sum(dim=2, keepdim=True)
        return weights @ v, weights.transpose(1, 2)
