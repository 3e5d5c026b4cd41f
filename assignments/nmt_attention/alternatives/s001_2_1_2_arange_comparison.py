"""
item: s001-2.1.2
cell: s001-2_1_2
why: torch.where on a comparison of positions
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
        i = torch.arange(scores.shape[1], device=scores.device)[:, None]
        j = torch.arange(scores.shape[2], device=scores.device)[None, :]
        scores = torch.where(j <= i, scores, torch.tensor(-math.inf, dtype=scores.dtype))
        weights = torch.softmax(scores, dim=2)
        return weights @ v, weights.transpose(1, 2)
