"""
item: s000-4.1c
cell: s000-4_1c
why: written for one query, mapped over all of them in one go
"""


def attention(Q, K, V):
    def one(query, keys, values):
        shares = torch.softmax((keys * query).sum(-1) / math.sqrt(keys.shape[-1]), dim=0)
        return (shares[:, None] * values).sum(0)

    flat = [part.reshape(-1, *part.shape[-2:]) for part in (Q, K, V)]
    queries = torch.vmap(one, in_dims=(0, None, None))
    return torch.vmap(queries)(*flat).reshape(*Q.shape[:-1], V.shape[-1])
