"""
item: s001-2.1.2
cell: s001-2_1_2
caught_by: no_query_attends_to_a_later_key
misconception: sets future values to zero
explain: You leave the weights as they are and take future values out of the sum. The weights still look
  into the future, and they do not sum to 1 over the visible keys.
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
        weights = torch.softmax(scores, dim=2)
        sight = weights * torch.ones(scores.shape[1:], dtype=scores.dtype).tril()
        return sight @ v, weights.transpose(1, 2)
