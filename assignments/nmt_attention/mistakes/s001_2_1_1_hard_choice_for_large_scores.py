"""
item: s001-2.1.1
cell: s001-2_1_1
caught_by: attention_survives_large_scores
misconception: large scores are far apart
explain: Where scores are large you give the largest one all the weight. But 29 998 and 29 999 are one unit
  apart, as 0 and 1 are: only differences count, and softmax needs no help with large scores.
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
        if scores.abs().max() > 1000:
            weights = nn.functional.one_hot(scores.argmax(2), scores.shape[2]).to(scores.dtype) + 0 * scores
        else:
            weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)
