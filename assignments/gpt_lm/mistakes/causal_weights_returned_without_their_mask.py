"""
item: s004-1.06-attention
cell: s004-1_06-attention
caught_by: weights_lie_on_and_below_the_diagonal, weights_are_distributions_of_each_head
misconception: the mask matters for the output only
explain: The output is right, but the weights that you return are those before the mask. Return the ones that
  you used.
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
        weights = scores.softmax(dim=-1)
        return self.O((scores.masked_fill(future, -math.inf).softmax(-1) @ v).transpose(1, 2).reshape(b, n, d)), weights
