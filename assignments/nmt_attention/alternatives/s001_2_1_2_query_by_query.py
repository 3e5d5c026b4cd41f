"""
item: s001-2.1.2
cell: s001-2_1_2
why: a loop over queries, each with the keys that it sees
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
        n, contexts, rows = keys.shape[1], [], []
        for i in range(q.shape[1]):
            seen = min(i + 1, n)
            weights = torch.softmax((k[:, :seen] @ q[:, i, :, None])[:, :, 0] / math.sqrt(self.hidden_size), dim=1)
            contexts.append((weights[:, None] @ v[:, :seen])[:, 0])
            rows.append(torch.nn.functional.pad(weights, (0, n - seen)))
        return torch.stack(contexts, dim=1), torch.stack(rows, dim=2)
