"""
item: s001-2.1.2
cell: s001-2_1_2
why: PyTorch computes the context with is_causal, which counts from the first key too
"""

class CausalScaledDotAttention(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.Q = nn.Linear(hidden_size, hidden_size)
        self.K = nn.Linear(hidden_size, hidden_size)
        self.V = nn.Linear(hidden_size, hidden_size)

    def forward(self, queries, keys, values):
        queries = queries[:, None, :] if queries.dim() == 2 else queries
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        sight = torch.ones(q.shape[1], k.shape[1], dtype=torch.bool).tril()
        context = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=sight)
        weights = torch.softmax((q @ k.mT / math.sqrt(self.hidden_size)).masked_fill(~sight, -torch.inf), dim=-1)
        return context, weights.mT
