"""
item: s001-2.1.2
cell: s001-2_1_2
why: a loop over the batch, hidden places by triu_indices
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
        n, m = q.shape[1], k.shape[1]
        rows, cols = torch.triu_indices(n, m, offset=1)
        cs, ws = [], []
        for a, b, c in zip(q, k, v, strict=False):
            s = a @ b.T / math.sqrt(self.hidden_size)
            s[rows, cols] = -1e9
            w = torch.softmax(s, -1)
            cs.append(w @ c)
            ws.append(w.T)
        return torch.stack(cs), torch.stack(ws)
