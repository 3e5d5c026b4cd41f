"""
item: s001-2.1.2
cell: s001-2_1_2
caught_by: no_query_attends_to_a_later_key, mask_holds_for_large_scores,
  future_keys_and_values_change_nothing
misconception: -10 is negative enough
explain: You take 10 off the forbidden scores. That is a factor of 22 000, which is small and not zero, and
  scores that differ by more than 10 outweigh it. Use minus infinity, or a number beyond all scores.
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
        scores = scores - 10.0 * torch.ones(scores.shape[1:], dtype=scores.dtype).triu(1)
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)
