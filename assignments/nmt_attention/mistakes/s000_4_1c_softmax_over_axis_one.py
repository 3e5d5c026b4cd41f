"""
item: s000-4.1c
cell: s000-4_1c
caught_by: leading_axes_stand_alone
misconception: the keys are axis 1
explain: Your softmax runs over axis 1, which is the key axis only when nothing stands in front. Count axes
  from the end.
"""


def attention(Q, K, V):
    return torch.softmax(Q @ K.transpose(-1, -2) / math.sqrt(Q.shape[-1]), dim=1) @ V
