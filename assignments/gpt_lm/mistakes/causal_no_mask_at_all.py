"""
item: s004-1.06-attention
cell: s004-1_06-attention
caught_by: weights_lie_on_and_below_the_diagonal, large_scores_do_not_reach_back,
  no_gradient_from_the_past_to_the_future
misconception: the order of training takes care of the future
explain: Nothing keeps a position from attending to later ones. In training all positions of a window are
  there at once, so the future has to be hidden by a mask.
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
        weights = scores.softmax(dim=-1)
        return self.O((weights @ v).transpose(1, 2).reshape(b, n, d)), weights
