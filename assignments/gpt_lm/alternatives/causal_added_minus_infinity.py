"""
item: s004-1.06-attention
cell: s004-1_06-attention
why: an additive mask is exact when it is minus infinity; a billion is enough for these scores, too
"""

class CausalSelfAttention(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        if d % heads:
            raise ValueError("uneven")
        self.heads = heads
        self.Q, self.K, self.V, self.O = (nn.Linear(d, d) for _ in range(4))

    def forward(self, x):
        n = x.shape[1]
        mask = nn.Transformer.generate_square_subsequent_mask(n, dtype=x.dtype)
        out, weights = [], []
        for q, k, v in zip(*(layer(x).chunk(self.heads, -1) for layer in (self.Q, self.K, self.V)), strict=True):
            w = torch.softmax(q @ k.mT / math.sqrt(q.shape[-1]) + mask, -1)
            out.append(w @ v)
            weights.append(w)
        return self.O(torch.cat(out, -1)), torch.stack(weights, 1)
