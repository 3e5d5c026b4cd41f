"""
item: s001-2.1.1
cell: s001-2_1_1
why: PyTorch computes the context; the weights are worked out beside it
"""

class ScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        queries = queries.reshape(len(queries), -1, self.hidden_size)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        context = torch.nn.functional.scaled_dot_product_attention(q, k, v)
        weights = torch.softmax(k @ q.mT / self.hidden_size**0.5, dim=-2)
        return context, weights
