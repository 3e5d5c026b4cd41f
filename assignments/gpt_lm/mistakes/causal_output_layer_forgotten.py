"""
item: s004-1.06-attention
cell: s004-1_06-attention
caught_by: causal_heads_agree_with_pytorch
misconception: the heads side by side are the result
explain: The layer O is there, but it is not applied: the heads stay in separate columns.
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
        return (weights @ v).transpose(1, 2).reshape(b, n, d), weights
