"""
item: s000-4.1c
cell: s000-4_1c
why: leading axes are flattened for bmm
"""


def attention(Q, K, V):
    lead = Q.shape[:-2]
    q, k, v = (x.reshape(-1, *x.shape[-2:]) for x in (Q, K, V))
    s = torch.bmm(q, k.transpose(1, 2)).mul_(q.size(-1) ** -0.5)
    return torch.bmm(nn.functional.softmax(s, dim=2), v).reshape(*lead, Q.shape[-2], V.shape[-1])
