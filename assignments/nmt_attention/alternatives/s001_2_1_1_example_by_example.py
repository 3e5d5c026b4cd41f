"""
item: s001-2.1.1
cell: s001-2_1_1
why: a loop over the batch
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
        contexts, all_weights = [], []
        for q, k, v in zip(self.Q(queries), self.K(keys), self.V(values), strict=True):
            weights = torch.softmax(q @ k.T / math.sqrt(self.hidden_size), dim=1)
            contexts.append(weights @ v)
            all_weights.append(weights.T)
        return torch.stack(contexts), torch.stack(all_weights)
