"""
item: s004-1.06-attention
cell: s004-1_06-attention
why: PyTorch's fused attention for the output; weights worked out beside it
"""


class CausalSelfAttention(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        if d % heads:
            raise ValueError("uneven")
        self.h = heads
        self.Q = nn.Linear(d, d)
        self.K = nn.Linear(d, d)
        self.V = nn.Linear(d, d)
        self.O = nn.Linear(d, d)

    def forward(self, x):
        b, n, d = x.shape

        def s(t):
            return t.reshape(b, n, self.h, d // self.h).transpose(1, 2)

        q, k, v = s(self.Q(x)), s(self.K(x)), s(self.V(x))
        out = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        w = (q @ k.mT / math.sqrt(d / self.h)).masked_fill(torch.ones(n, n).triu(1) == 1, float("-inf")).softmax(-1)
        return self.O(out.transpose(1, 2).flatten(2)), w
