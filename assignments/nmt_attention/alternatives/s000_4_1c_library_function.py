"""
item: s000-4.1c
cell: s000-4_1c
why: torch has it built in
"""


def attention(Q, K, V):
    return torch.nn.functional.scaled_dot_product_attention(Q, K, V)
