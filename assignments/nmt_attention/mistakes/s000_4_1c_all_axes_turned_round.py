"""
item: s000-4.1c
cell: s000-4_1c
caught_by: leading_axes_stand_alone
misconception: K.T swaps the last two axes
explain: K.T turns *all* axes round, which is right for a matrix only. With a batch in front, swap the last two:
  K.mT or K.transpose(-1, -2).
"""


def attention(Q, K, V):
    return torch.softmax(Q @ K.T / math.sqrt(Q.shape[-1]), -1) @ V
