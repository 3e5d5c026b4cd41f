"""
item: s001-2.1.2
cell: s001-2_1_2
caught_by: mask_holds_for_large_scores
misconception: softmax by hand without shift
explain: You take exponentials of the raw scores, which are infinite for large ones: infinity by infinity is
  not a number. Subtract the largest visible score of each query first, or let torch do it.
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
        shares = scores.exp() * torch.ones(scores.shape[1:], dtype=scores.dtype).tril()
        weights = shares / shares.sum(2, keepdim=True)
        return weights @ v, weights.transpose(1, 2)
