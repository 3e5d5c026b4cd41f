"""
item: s001-2.1.2
cell: s001-2_1_2
caught_by: mask_holds_for_large_scores
misconception: mask after softmax, rows divided by their sums
explain: You hide weights after softmax and divide by what is left. If a future key has by far the best
  score, nothing is left, and the division gives NaN or nonsense. Hide the scores first.
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
        shares = torch.softmax(scores, dim=2) * torch.ones(scores.shape[1:], dtype=scores.dtype).tril()
        weights = shares / (shares.sum(2, keepdim=True) + 1e-12)
        return weights @ v, weights.transpose(1, 2)
