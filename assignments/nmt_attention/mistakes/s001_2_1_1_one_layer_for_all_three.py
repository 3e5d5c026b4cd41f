"""
item: s001-2.1.1
cell: s001-2_1_1
caught_by: context_and_weights_have_their_shapes, scores_compare_queries_with_keys
misconception: a = b = c makes three layers
explain: Q, K and V are three names of one and the same layer. What a network asks, what it offers and what
  it passes on are then all the same; make three layers.
"""


class ScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = self.K = self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        scores = q @ k.transpose(1, 2) / math.sqrt(self.hidden_size)
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)
