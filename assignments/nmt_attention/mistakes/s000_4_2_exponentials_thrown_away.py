"""
item: s000-4.2
cell: s000-4_2
caught_by: masked_token_gets_no_gradient
misconception: what torch.where does not choose has no effect
explain: You take exp of the hidden score too and then choose a 0 in its place. The result is right, but where
  that exp overflows, its gradient is infinity times 0, which is NaN. Set the *score* to minus infinity before
  exp.
"""


def masked_attention(Q, K, V, pos):
    s = Q @ K.mT / math.sqrt(Q.shape[-1])
    sees = torch.arange(K.shape[-2]) != pos
    top = s.masked_fill(~sees, -math.inf).amax(-1, keepdim=True)
    e = torch.where(sees, torch.exp(s - top), torch.zeros_like(s))
    w = e / e.sum(-1, keepdim=True)
    return w @ V, w
