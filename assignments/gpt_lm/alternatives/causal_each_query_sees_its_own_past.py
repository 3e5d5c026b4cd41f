"""
item: s004-1.06-attention
cell: s004-1_06-attention
why: no mask at all: query by query over the keys so far
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
        w = x.new_zeros(b, self.h, n, n)
        rows = []
        for i in range(n):
            p = (q[:, :, i : i + 1] @ k[:, :, : i + 1].mT / math.sqrt(d // self.h)).softmax(-1)
            rows.append(F.pad(p, (0, n - i - 1)))
        w = torch.cat(rows, 2)
        return self.O((w @ v).transpose(1, 2).flatten(2)), w
