"""
item: s001-2.1.2
cell: s001-2_1_2
caught_by: no_query_attends_to_a_later_key, causal_attention_equals_the_reference
misconception: only the last few keys
explain: A query of yours sees its own key and the two before it only. All earlier keys are in its sight.
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
        place = torch.arange(scores.shape[1])[:, None] - torch.arange(scores.shape[2])
        scores = scores.masked_fill((place < 0) | (place > 2), -math.inf) if scores.shape[1] <= scores.shape[2] else scores.masked_fill(place < 0, -math.inf)
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)
