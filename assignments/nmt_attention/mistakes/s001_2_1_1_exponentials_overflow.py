"""
item: s001-2.1.1
cell: s001-2_1_1
caught_by: attention_survives_large_scores
misconception: softmax by hand without shift
explain: You take exponentials of the raw scores. Above about 88 in float32, and 709 in float64, they are
  infinite, and infinity by infinity is not a number. Subtracting the largest score of each query first
  changes nothing else.
"""

class ScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        scores = q @ k.transpose(1, 2) / math.sqrt(self.hidden_size)
        weights = scores.exp() / scores.exp().sum(2, keepdim=True)
        return weights @ v, weights.transpose(1, 2)
