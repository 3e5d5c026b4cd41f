"""
item: s001-2.1.2
cell: s001-2_1_2
caught_by: causal_attention_keeps_precision
misconception: float32 inside
explain: Your layer works in float32 even when its weights and inputs are float64. Leave the dtype alone.
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
        scores = scores.masked_fill(future, -math.inf)
        weights = torch.softmax(scores, dim=2, dtype=torch.float32).to(scores.dtype)
        return weights @ v, weights.transpose(1, 2)
