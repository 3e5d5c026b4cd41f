"""
item: s001-2.1.2
cell: s001-2_1_2
caught_by: visible_keys_share_the_whole_weight, future_keys_and_values_change_nothing,
  causal_attention_equals_the_reference
misconception: zero the weights afterwards
explain: You set weights to zero after softmax. The rows no longer sum to 1, and the future keys still count
  in the denominator. Hide the scores before softmax.
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
        weights = torch.softmax(scores, dim=2) * torch.ones(scores.shape[1:], dtype=scores.dtype).tril()
        return weights @ v, weights.transpose(1, 2)
