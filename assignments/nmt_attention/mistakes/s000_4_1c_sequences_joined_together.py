"""
item: s000-4.1c
cell: s000-4_1c
caught_by: leading_axes_stand_alone
misconception: a batch is one long sequence
explain: You join the sequences of the batch to a single one, so that queries also meet the keys of other
  sequences. Keep the leading axes apart.
"""


def attention(Q, K, V):
    q, k, v = (x.reshape(-1, x.shape[-1]) for x in (Q, K, V))
    out = torch.softmax(q @ k.T / math.sqrt(q.shape[-1]), -1) @ v
    return out.reshape(*Q.shape[:-1], V.shape[-1])
