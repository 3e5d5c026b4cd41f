"""
item: s000-4.2
cell: s000-4_2
caught_by: masked_position_still_asks
misconception: a masked token is gone
explain: You take the masked token out altogether, its query too, and its row of the results stays 0. It should
  be hidden from others, and still ask.
"""


def masked_attention(Q, K, V, pos):
    rest = [j for j in range(K.shape[-2]) if j != pos]
    w = torch.softmax(Q[..., rest, :] @ K[..., rest, :].mT / math.sqrt(Q.shape[-1]), -1)
    full = Q.new_zeros(*Q.shape[:-1], K.shape[-2])
    out = Q.new_zeros(*Q.shape[:-1], V.shape[-1])
    out[..., rest, :] = w @ V[..., rest, :]
    full[..., torch.tensor(rest)[:, None], torch.tensor(rest)] = w
    return out, full
