# %% by_reshaping
"""heads as an axis"""
def prune_heads(Wq, Wk, Wv, Wo, H, keep):
    d = Wq.shape[0]

    def cut(W):
        return W.reshape(d, H, -1)[:, keep].reshape(d, -1)

    return cut(Wq), cut(Wk), cut(Wv), Wo.reshape(H, -1, Wo.shape[1])[keep].flatten(0, 1)


# %% by_splitting
"""blocks, put together again"""
def prune_heads(Wq, Wk, Wv, Wo, H, keep):
    k = Wo.shape[0] // H
    columns = [torch.cat([W.split(k, dim=1)[h] for h in keep], dim=1) for W in (Wq, Wk, Wv)]
    return [*columns, torch.cat([Wo.split(k)[h] for h in keep])]


# %% in_numpy
"""arrays, from a list of numbers of columns"""
def prune_heads(Wq, Wk, Wv, Wo, H, keep):
    k = Wq.shape[1] // H
    places = [h * k + i for h in keep for i in range(k)]
    return Wq.numpy()[:, places], Wk.numpy()[:, places], Wv.numpy()[:, places], Wo.numpy()[places, :]
