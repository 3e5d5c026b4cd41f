"""
item: s000-4.2
cell: s000-4_2
why: the library for both, with unit vectors for values
"""


def masked_attention(Q, K, V, pos):
    n = K.shape[-2]
    m = torch.ones(n, n, dtype=torch.bool)
    m[:, pos] = False
    F = nn.functional.scaled_dot_product_attention
    eye = torch.eye(n, dtype=V.dtype).expand(*V.shape[:-2], n, n)
    return F(Q, K, V, attn_mask=m), F(Q, K, eye, attn_mask=m)
