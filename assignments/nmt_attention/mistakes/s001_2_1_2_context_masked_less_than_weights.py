"""
item: s001-2.1.2
cell: s001-2_1_2
caught_by: mask_holds_for_large_scores
misconception: weights for show, another mask for the context
explain: The weights that you return are masked with minus infinity, but the context is mixed with scores that
  only lose 10 000. Scores as large as 30 000 push right through that. Use the same weights for both.
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
        future = torch.ones(scores.shape[1:], dtype=torch.bool).triu(1)
        weights = torch.softmax(scores.masked_fill(future, -math.inf), dim=2)
        penalty = -1e4 * future.to(q.dtype)
        context = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=penalty)
        return context, weights.transpose(1, 2)
