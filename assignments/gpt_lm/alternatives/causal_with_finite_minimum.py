"""
item: s004-1.06-attention
cell: s004-1_06-attention
why: the smallest finite number instead of minus infinity, and einsum
"""

class CausalSelfAttention(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        if d % heads:
            raise ValueError("uneven")
        self.H = heads
        self.Q, self.K, self.V, self.O = nn.Linear(d, d), nn.Linear(d, d), nn.Linear(d, d), nn.Linear(d, d)

    def forward(self, x):
        q, k, v = (f(x).unflatten(-1, (self.H, -1)) for f in (self.Q, self.K, self.V))
        s = torch.einsum("bihw,bjhw->bhij", q, k) / q.shape[-1] ** 0.5
        i = torch.arange(x.shape[1])
        s = torch.where(i[:, None] >= i[None, :], s, torch.finfo(s.dtype).min)
        w = s.softmax(-1)
        return [self.O(torch.einsum("bhij,bjhw->bihw", w, v).flatten(-2)), w]
