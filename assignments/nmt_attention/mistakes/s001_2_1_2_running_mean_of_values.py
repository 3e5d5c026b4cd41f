"""
item: s001-2.1.2
cell: s001-2_1_2
caught_by: causal_context_mixes_projected_values, causal_attention_equals_the_reference
misconception: weights ignore the queries
explain: Your weights are the same for every query with the same number of visible keys: the scores do not
  come in. Hide the future, and let the scores decide about the rest.
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
        scores = 0 * (q @ k.transpose(1, 2))
        future = torch.ones(scores.shape[1:], dtype=torch.bool).triu(1)
        weights = torch.softmax(scores.masked_fill(future, -math.inf), dim=2)
        return weights @ v, weights.transpose(1, 2)
