"""
item: s001-2.1.1
cell: s001-2_1_1
caught_by: context_and_weights_have_their_shapes, attention_equals_the_reference
misconception: projections have no bias
explain: Your layers Q, K and V have no bias. Many transformers leave it out, but here each is
  nn.Linear(hidden_size, hidden_size) as it comes, and that has one.
"""


class ScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size, bias=False)
        self.K = nn.Linear(hidden_size, hidden_size, bias=False)
        self.V = nn.Linear(hidden_size, hidden_size, bias=False)

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        scores = q @ k.transpose(1, 2) / math.sqrt(self.hidden_size)
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)
