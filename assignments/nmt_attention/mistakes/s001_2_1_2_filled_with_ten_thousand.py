"""
item: s001-2.1.2
cell: s001-2_1_2
caught_by: mask_holds_for_large_scores
misconception: fills with -1e4
explain: You fill the forbidden scores with -10 000. A query whose visible keys all score lower than that
  looks into its future. Use minus infinity, or a number far beyond all scores.
"""

class CausalScaledDotAttention(nn.Module):
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
        future = torch.ones(scores.shape[1:], dtype=torch.bool).triu(1)
        scores = scores.masked_fill(future, -1e4)
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)
