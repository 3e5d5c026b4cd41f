"""
item: s001-2.1.1
cell: s001-2_1_1
caught_by: weights_sum_to_one_over_the_keys, keys_are_a_set_and_queries_stand_alone,
  attention_equals_the_reference
misconception: softmax over the wrong axis
explain: In your layer the weights of each key sum to 1 over the queries, so the queries compete for a key.
  Each query shares out its own weight over the keys: softmax goes over the axis of the keys.
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
        weights = torch.softmax(scores, dim=1)
        return weights @ v, weights.transpose(1, 2)
