"""
item: s001-2.1.1
cell: s001-2_1_1
caught_by: weights_sum_to_one_over_the_keys, scores_are_divided_by_the_root_of_hidden
misconception: the root divides the weights
explain: You divide by the root of h after softmax. Then the weights no longer sum to 1, and the scores are as
  large as before. The root belongs to the scores.
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
        weights = torch.softmax(q @ k.transpose(1, 2), dim=2) / math.sqrt(self.hidden_size)
        return weights @ v, weights.transpose(1, 2)
