"""
item: s001-2.1.1
cell: s001-2_1_1
caught_by: weights_sum_to_one_over_the_keys, each_example_of_a_batch_stands_alone
misconception: softmax over axis 0
explain: Your softmax runs over the batch, so the examples of a batch compete with each other. Name the axis
  of the keys.
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
        scores = q @ k.transpose(1, 2) / math.sqrt(self.hidden_size)
        weights = torch.softmax(scores, dim=0)
        return weights @ v, weights.transpose(1, 2)
