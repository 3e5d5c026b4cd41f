"""
item: s001-2.1.2
cell: s001-2_1_2
caught_by: visible_keys_share_the_whole_weight
misconception: whatever is 0 after tril was hidden
explain: You look for zeros to find the hidden scores. A visible score can be 0 as well, and then it is hidden
  too. Decide by the places i and j, not by the numbers that stand there.
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
        scores = torch.tril(q @ k.transpose(1, 2) / math.sqrt(self.hidden_size))
        weights = torch.softmax(scores.masked_fill(scores == 0, -math.inf), dim=2)
        return weights @ v, weights.transpose(1, 2)
