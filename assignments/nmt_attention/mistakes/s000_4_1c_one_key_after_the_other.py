"""
item: s000-4.1c
cell: s000-4_1c
caught_by: operations_do_not_grow_with_the_length
misconception: only the loop over queries has to go
explain: You still loop over the keys. All dot products of queries with keys are one product of matrices.
"""


def attention(Q, K, V):
    columns = [(Q * K[..., j : j + 1, :]).sum(-1) for j in range(K.shape[-2])]
    scores = torch.stack(columns, dim=-1) / math.sqrt(Q.shape[-1])
    return torch.softmax(scores, dim=-1) @ V
