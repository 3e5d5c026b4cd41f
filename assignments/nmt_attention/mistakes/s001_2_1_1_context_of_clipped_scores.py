"""
item: s001-2.1.1
cell: s001-2_1_1
caught_by: attention_survives_large_scores
misconception: clipping avoids overflow
explain: The context is mixed with scores that are cut off at 80, so that all keys beyond share their weight.
  Subtract the largest score of each query instead, as softmax does.
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
        weights = torch.softmax(scores, dim=2)
        e = torch.exp(scores.clamp(max=80))
        return (e / e.sum(2, keepdim=True)) @ v, weights.transpose(1, 2)
