"""
item: s001-2.1.2
cell: s001-2_1_2
why: is_causal counts from the first key; the weights by unit vectors for values
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
        eye = torch.eye(k.shape[1], dtype=v.dtype)[None].repeat(len(v), 1, 1)
        F = torch.nn.functional
        w = F.scaled_dot_product_attention(q, k, eye, is_causal=True)
        return F.scaled_dot_product_attention(q, k, v, is_causal=True), w.transpose(1, 2)
