"""
item: s001-2.1.1
cell: s001-2_1_1
caught_by: scores_are_divided_by_the_root_of_hidden, attention_equals_the_reference
misconception: similarity is a cosine
explain: You divide queries and keys by their lengths before you multiply them. The score is the plain product
  over the root of h; how long a vector is, counts.
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
        q, k = (torch.nn.functional.normalize(x, dim=-1) for x in (q, k))
        weights = torch.softmax(q @ k.transpose(1, 2) * math.sqrt(self.hidden_size), dim=2)
        return weights @ v, weights.transpose(1, 2)
