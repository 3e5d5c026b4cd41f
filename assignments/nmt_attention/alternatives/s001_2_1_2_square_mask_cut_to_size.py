"""
item: s001-2.1.2
cell: s001-2_1_2
why: a square mask of the library, cut to the queries and keys that there are
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
        mask = nn.Transformer.generate_square_subsequent_mask(max(n, m))[:n, :m]
        w = (q @ k.mT / math.sqrt(self.hidden_size) + mask).softmax(-1)
        return w @ v, w.mT
