"""
item: s001-2.1.2
cell: s001-2_1_2
caught_by: later_keys_can_be_cut_off
misconception: the first call is the longest
explain: You make the mask in the first call and keep it. A later call with more letters finds it too small;
  make it to the size of each call.
"""


class CausalScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)
        self.future = None

    def forward(self, queries, keys, values):
        if queries.dim() == 2:
            queries = queries.unsqueeze(1)
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        scores = q @ k.transpose(1, 2) / math.sqrt(self.hidden_size)
        rows, columns = scores.shape[1:]
        if self.future is None:
            self.future = torch.ones(rows, columns, dtype=torch.bool).triu(1)
        weights = torch.softmax(scores.masked_fill(self.future[:rows, :columns], -math.inf), dim=2)
        return weights @ v, weights.transpose(1, 2)
