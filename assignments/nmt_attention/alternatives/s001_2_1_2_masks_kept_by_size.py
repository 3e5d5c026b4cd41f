"""
item: s001-2.1.2
cell: s001-2_1_2
why: masks are kept in a dict, one for each size
"""


class CausalScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.Q, self.K, self.V = (nn.Linear(hidden_size, hidden_size) for _ in "QKV")
        self.cache = {}
    def forward(self, queries, keys, values):
        q = queries if queries.dim() == 3 else queries.unsqueeze(1)
        size = q.shape[1], keys.shape[1]
        if size not in self.cache:
            self.cache[size] = torch.ones(size, dtype=torch.bool).triu(1)
        s = self.Q(q) @ self.K(keys).mT / q.shape[-1] ** 0.5
        w = s.masked_fill(self.cache[size], float("-inf")).softmax(-1)
        return w @ self.V(values), w.mT
