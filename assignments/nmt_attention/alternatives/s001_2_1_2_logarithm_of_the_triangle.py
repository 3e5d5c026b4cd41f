"""
item: s001-2.1.2
cell: s001-2_1_2
why: log(1) is 0 and log(0) is minus infinity
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
        s = q @ k.mT / math.sqrt(self.hidden_size)
        w = (s + torch.ones_like(s).tril().log()).log_softmax(-1).exp()
        return w @ v, w.mT
