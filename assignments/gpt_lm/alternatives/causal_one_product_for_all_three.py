"""
item: s004-1.06-attention
cell: s004-1_06-attention
why: weights of Q, K, V stacked for one product; the mask goes into baddbmm
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
        W = torch.cat([self.Q.weight, self.K.weight, self.V.weight])
        B = torch.cat([self.Q.bias, self.K.bias, self.V.bias])
        q, k, v = F.linear(x, W, B).view(b, n, 3, self.h, d // self.h).permute(2, 0, 3, 1, 4)
        w = (
            torch.baddbmm(
                torch.full((n, n), -math.inf, dtype=x.dtype).triu(1).expand(b * self.h, n, n),
                q.flatten(0, 1),
                k.flatten(0, 1).mT,
                alpha=(d // self.h) ** -0.5,
            )
            .softmax(-1)
            .view(b, self.h, n, n)
        )
        return self.O((w @ v).transpose(1, 2).reshape(b, n, d)), w
