"""
item: s000-4.2
cell: s000-4_2
why: scaled_dot_product_attention takes a mask; the identity as values gives the weights
"""


def masked_attention(Q, K, V, pos):
    seen = (torch.arange(K.shape[-2]) != pos).expand(Q.shape[-2], K.shape[-2])
    sdpa = torch.nn.functional.scaled_dot_product_attention
    identity = torch.eye(K.shape[-2], dtype=V.dtype).expand(*K.shape[:-1], K.shape[-2])
    return sdpa(Q, K, V, attn_mask=seen), sdpa(Q, K, identity, attn_mask=seen)
