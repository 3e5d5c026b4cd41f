"""
item: s001-2.1.1
cell: s001-2_1_1
caught_by: attention_survives_large_scores
misconception: clip against overflow
explain: You cut large scores off, so that all scores beyond the limit get the same weight. Softmax can take
  any score if the largest is subtracted first.
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
        weights = torch.softmax(scores.clamp(-30, 30), dim=2)
        return weights @ v, weights.transpose(1, 2)
