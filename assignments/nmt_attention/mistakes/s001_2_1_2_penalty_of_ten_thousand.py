"""
item: s001-2.1.2
cell: s001-2_1_2
caught_by: mask_holds_for_large_scores
misconception: -1e4 is negative enough
explain: You take 10 000 off the forbidden scores. With ordinary scores that looks like a mask, but scores
  as large as 30 000 push right through it. Use minus infinity, or a number far beyond all scores.
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
        scores = scores - 1e4 * torch.ones(scores.shape[1:], dtype=scores.dtype).triu(1)
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)
