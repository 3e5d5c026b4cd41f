"""
item: s004-1.06-attention
cell: s004-1_06-attention
why: zeroing weights after the softmax is right when rows are normalised again, here in log space
"""

class CausalSelfAttention(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        if d % heads:
            raise ValueError("uneven")
        self.heads = heads
        self.O, self.V, self.K, self.Q = (nn.Linear(d, d) for _ in range(4))

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = (f(x).view(b, n, self.heads, d // self.heads).transpose(1, 2) for f in (self.Q, self.K, self.V))
        s = (q / math.sqrt(d // self.heads)) @ k.transpose(-1, -2)
        past = torch.tril(torch.ones(n, n, dtype=torch.bool, device=x.device))
        top = s.masked_fill(~past, -1e30).amax(-1, keepdim=True)
        e = torch.where(past, (s - top).masked_fill(~past, 0.0).exp(), torch.zeros((), dtype=s.dtype))
        w = e / e.sum(-1, keepdim=True)
        return self.O((w @ v).transpose(1, 2).flatten(2)), w
