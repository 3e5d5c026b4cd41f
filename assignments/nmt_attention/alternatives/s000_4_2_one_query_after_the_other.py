"""
item: s000-4.2
cell: s000-4_2
why: a loop is slow but right, and the pair may be a list
"""


def masked_attention(Q, K, V, pos):
    outputs, rows = [], []
    for i in range(Q.shape[-2]):
        scores = (K * Q[..., i : i + 1, :]).sum(-1) / math.sqrt(Q.shape[-1])
        scores = torch.cat([scores[..., :pos], torch.full_like(scores[..., :1], -math.inf), scores[..., pos + 1 :]], -1)
        rows.append(torch.softmax(scores, dim=-1))
        outputs.append((rows[-1].unsqueeze(-1) * V).sum(-2))
    return [torch.stack(outputs, dim=-2), torch.stack(rows, dim=-2)]
