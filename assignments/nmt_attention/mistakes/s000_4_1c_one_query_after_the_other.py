"""
item: s000-4.1c
cell: s000-4_1c
caught_by: operations_do_not_grow_with_the_length
misconception: a loop is as good
explain: Your outputs are right, but one query waits for the other: the number of operations grows with the
  length. Let one product of matrices do all queries at once.
"""


def attention(Q, K, V):
    rows = []
    for i in range(Q.shape[-2]):
        scores = K @ Q[..., i, :, None] / math.sqrt(Q.shape[-1])
        rows.append((torch.softmax(scores, dim=-2) * V).sum(dim=-2))
    return torch.stack(rows, dim=-2)
