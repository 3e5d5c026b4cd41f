"""
item: s001-2.1.1
cell: s001-2_1_1
caught_by: attention_has_no_side_effects
misconception: in-place division of the input
explain: Your layer changes the queries that it is given: an operation that ends in an underscore, or an
  assignment into a slice, writes into the tensor of the caller.
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
        weights = torch.softmax(q @ k.transpose(1, 2) / math.sqrt(self.hidden_size), dim=2)
        with torch.no_grad():
            queries.div_(math.sqrt(self.hidden_size))
        return weights @ v, weights.transpose(1, 2)
