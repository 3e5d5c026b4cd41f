"""
item: s004-1.06-attention
cell: s004-1_06-attention
caught_by: causal_layer_takes_any_length_and_precision
misconception: all windows are as long as those of this notebook
explain: Your mask has room for 64 positions. The layer is told d and heads only, and the GPU run has windows of 128.
"""


class CausalSelfAttention(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        if d % heads:
            raise ValueError(f"{d} columns cannot be shared evenly by {heads} heads")
        self.heads = heads
        self.register_buffer("future", torch.ones(64, 64, dtype=torch.bool).triu(1), persistent=False)
        self.Q, self.K, self.V, self.O = (nn.Linear(d, d) for _ in range(4))

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = (layer(x).view(b, n, self.heads, -1).transpose(1, 2) for layer in (self.Q, self.K, self.V))
        scores = q @ k.transpose(-1, -2) / math.sqrt(d // self.heads)
        weights = scores.masked_fill(self.future[:n, :n], -math.inf).softmax(dim=-1)
        return self.O((weights @ v).transpose(1, 2).reshape(b, n, d)), weights
