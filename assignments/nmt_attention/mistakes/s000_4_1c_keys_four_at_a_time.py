"""
item: s000-4.1c
cell: s000-4_1c
caught_by: operations_do_not_grow_with_the_length
misconception: a few keys per step is no loop
explain: You work off the keys in blocks of four, and the number of blocks grows with the length. One product of
  matrices does all of them.
"""


def attention(Q, K, V):
    s = torch.cat([Q @ K[..., i:i+4, :].mT for i in range(0, K.shape[-2], 4)], -1) / math.sqrt(Q.shape[-1])
    return torch.softmax(s, -1) @ V
