"""
item: s004-1.06-attention
cell: s004-1_06-attention
caught_by: causal_heads_agree_with_pytorch, large_scores_do_not_reach_back,
  no_gradient_from_the_past_to_the_future
misconception: reshape brings the axes into order
explain: When you merge the heads, reshape reads (b, heads, n, width) in memory order. The shape comes out
  right, but numbers of later positions land in earlier rows: your layer leaks the future although its
  weights do not.
"""

class CausalSelfAttention(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        if d % heads:
            raise ValueError("d is not a multiple of heads")
        self.heads = heads
        self.Q, self.K, self.V, self.O = (nn.Linear(d, d) for _ in range(4))

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = (layer(x).view(b, n, self.heads, -1).transpose(1, 2) for layer in (self.Q, self.K, self.V))
        scores = q @ k.transpose(-1, -2) / math.sqrt(d // self.heads)
        future = torch.ones(n, n, dtype=torch.bool).triu(1)
        weights = scores.masked_fill(future, -math.inf).softmax(dim=-1)
        return self.O((weights @ v).reshape(b, n, d)), weights
