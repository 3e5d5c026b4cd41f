"""
item: s001-2.1.2
cell: s001-2_1_2
caught_by: mask_holds_for_large_scores
misconception: what torch.where does not choose has no effect
explain: You take exp of the hidden scores too and then choose a 0 in their place. The result is right, but
  where that exp overflows, its gradient is infinity times 0, which is NaN. Set the hidden *scores* to minus
  infinity before exp.
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
        sees = torch.ones(scores.shape[1:], dtype=torch.bool).tril()
        top = scores.masked_fill(~sees, -math.inf).amax(dim=2, keepdim=True)
        e = torch.where(sees, torch.exp(scores - top), torch.zeros_like(scores))
        weights = e / e.sum(2, keepdim=True)
        return weights @ v, weights.transpose(1, 2)
