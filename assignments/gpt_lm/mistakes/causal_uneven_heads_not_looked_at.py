"""
item: s004-1.06-attention
cell: s004-1_06-attention
caught_by: causal_layer_refuses_uneven_heads
misconception: view will complain when the sizes do not fit
explain: You do not look at d and heads when the layer is built. The error then comes much later, from a view,
  and says nothing of the cause. Raise ValueError in __init__.
"""


class CausalSelfAttention(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.heads = heads
        self.Q, self.K, self.V, self.O = (nn.Linear(d, d) for _ in range(4))

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = (layer(x).view(b, n, self.heads, -1).transpose(1, 2) for layer in (self.Q, self.K, self.V))
        scores = q @ k.transpose(-1, -2) / math.sqrt(d // self.heads)
        future = torch.ones(n, n, dtype=torch.bool, device=x.device).triu(1)
        weights = scores.masked_fill(future, -math.inf).softmax(dim=-1)
        return self.O((weights @ v).transpose(1, 2).reshape(b, n, d)), weights
