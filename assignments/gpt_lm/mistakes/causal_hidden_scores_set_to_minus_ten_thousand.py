"""
item: s004-1.06-attention
cell: s004-1_06-attention
caught_by: large_scores_do_not_reach_back
misconception: a hidden score needs only to be small
explain: You replace hidden scores by -10,000. Where all allowed scores are lower still, the hidden ones win.
  Use minus infinity.
"""


class CausalSelfAttention(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        if d % heads:
            raise ValueError(f"{d} columns cannot be shared evenly by {heads} heads")
        self.heads = heads
        self.Q, self.K, self.V, self.O = (nn.Linear(d, d) for _ in range(4))

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = (layer(x).view(b, n, self.heads, -1).transpose(1, 2) for layer in (self.Q, self.K, self.V))
        scores = q @ k.transpose(-1, -2) / math.sqrt(d // self.heads)
        future = torch.ones(n, n, dtype=torch.bool, device=x.device).triu(1)
        weights = scores.masked_fill(future, -1e4).softmax(dim=-1)
        return self.O((weights @ v).transpose(1, 2).reshape(b, n, d)), weights
