"""
item: s004-1.09
cell: s004-1_09
why: a loop over tokens; random words without the marks would do as well
"""

def mlm_batch(ids, p, gen, *, mask_id, vocab_size, special_ids):
    special = set(special_ids)
    coins = torch.rand((3, *ids.shape), generator=gen).tolist()
    inputs, labels = ids.tolist(), [[-100] * ids.shape[1] for _ in ids]
    for r, row in enumerate(ids.tolist()):
        for c, token in enumerate(row):
            if token in special or coins[0][r][c] >= p:
                continue
            labels[r][c] = token
            if coins[1][r][c] < 0.8:
                inputs[r][c] = mask_id
            elif coins[1][r][c] < 0.9:
                inputs[r][c] = int(coins[2][r][c] * vocab_size)
    return torch.tensor(inputs), torch.tensor(labels)


def signal_ratio(n, p=0.15):
    return (n - 1) / (n * p)
