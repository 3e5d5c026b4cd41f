"""
item: s001-2.1.1
cell: s001-2_1_1
caught_by: scores_are_divided_by_the_root_of_hidden, attention_equals_the_reference
misconception: the root is that of the sequence length
explain: You divide the scores by the square root of the number of keys. What makes products large is the
  number of terms that each of them sums, and that is the hidden size.
"""

class ScaledDotAttention(nn.Module):
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
        scores = q @ k.transpose(1, 2) / math.sqrt(keys.shape[1])
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)
