# %% by_hand
"""counts one by one; a generator finds the first lag that fails"""
def share_recalled(scores, symbols):
    shares = []
    for own, shown in zip(scores.tolist(), symbols.tolist(), strict=True):
        right = sum(row.index(max(row)) == symbol for row, symbol in zip(own, shown, strict=True))
        shares.append(right / len(shown))
    return torch.tensor(shares)


def longest_recalled(row, least):
    lags = sorted(row)
    good = next((k for k, lag in enumerate(lags) if not all(share >= least for share in row[lag])), len(lags))
    return lags[good - 1] if good else 0


# %% numpy_inside
"""numpy arrays are as good as tensors; claims as numpy booleans"""
def share_recalled(scores, symbols):
    return (np.asarray(scores.detach()).argmax(-1) == np.asarray(symbols)).mean(-1)


def longest_recalled(row, least):
    reached = [lag for lag in row if all(min(row[other]) >= least for other in row if other <= lag)]
    return max(reached, default=0)


# %% topk_and_while
"""the top one of the scores; a while loop over the sorted lags"""
def share_recalled(scores, symbols):
    best = scores.topk(1, dim=-1).indices[..., 0]
    return best.eq(symbols).to(torch.float64).sum(-1) / symbols.shape[-1]


def longest_recalled(row, least):
    lags, found = sorted(row.items()), 0
    while lags and torch.as_tensor(lags[0][1]).min() >= least:
        found = lags.pop(0)[0]
    return found
