"""
item: s001-2.1.1
cell: s001-2_1_1
why: weights as exp of scores minus logsumexp, returned as a list
"""


class ScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        if queries.ndim < 3:
            queries = queries.unsqueeze(-2)
        s = torch.einsum("bkh,bnh->bnk", self.Q(queries), self.K(keys)).div(math.sqrt(keys.size(-1)))
        w = (s - s.logsumexp(1, keepdim=True)).exp()
        return [torch.einsum("bnk,bnh->bkh", w, self.V(values)), w]
