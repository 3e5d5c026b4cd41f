"""
item: s001-2.1.2
cell: s001-2_1_2
why: a class derived from ScaledDotAttention, with the mask added
"""

class CausalScaledDotAttention(ScaledDotAttention):
    def forward(self, queries, keys, values):
        queries = queries.unsqueeze(1) if queries.dim() == 2 else queries
        q, k, v = self.Q(queries), self.K(keys), self.V(values)
        hidden = torch.triu(torch.ones(q.size(1), k.size(1)), diagonal=1) == 1
        weights = torch.softmax((q @ k.transpose(-1, -2) / q.size(-1) ** 0.5).masked_fill_(hidden, float("-inf")), -1)
        return weights @ v, weights.transpose(-1, -2)
