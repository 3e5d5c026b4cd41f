"""
item: s004-1.06-attention
cell: s004-1_06-attention
caught_by: causal_layer_takes_any_length_and_precision
misconception: the mask is the same for every call
explain: You keep the mask of the first call. Later inputs have other lengths, and a mask of length 1 lets everything
  through.
"""


class CausalSelfAttention(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        if d % heads:
            raise ValueError(f"{d} columns cannot be shared evenly by {heads} heads")
        self.heads = heads
        self.future = None
        self.Q, self.K, self.V, self.O = (nn.Linear(d, d) for _ in range(4))

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = (layer(x).view(b, n, self.heads, -1).transpose(1, 2) for layer in (self.Q, self.K, self.V))
        scores = q @ k.transpose(-1, -2) / math.sqrt(d // self.heads)
        if self.future is None:
            self.future = torch.ones(n, n, dtype=torch.bool, device=x.device).triu(1)
        weights = scores.masked_fill(self.future, -math.inf).softmax(dim=-1)
        return self.O((weights @ v).transpose(1, 2).reshape(b, n, d)), weights
