# %% by_torch
"""torch's softmax, and a tensor back"""
def separable_weights(Q, K):
    return torch.softmax(torch.tensor(Q), dim=1) @ torch.softmax(torch.tensor(K), dim=0).T


# %% einsum
"""the product as a sum over features"""
def separable_weights(Q, K):
    def softmax(x, axis):
        e = np.exp(x - np.max(x, axis=axis, keepdims=True))
        return e / np.sum(e, axis=axis, keepdims=True)

    return np.einsum("ic,jc->ij", softmax(Q, -1), softmax(K, 0))


# %% mixture
"""a sum over features: what a query gives to each, times that feature's distribution over the keys"""
def separable_weights(Q, K):
    A = np.zeros((len(Q), len(K)))
    shares = np.exp(Q - np.logaddexp.reduce(Q, axis=1)[:, None])
    for c in range(Q.shape[1]):
        A += np.outer(shares[:, c], np.exp(K[:, c] - np.logaddexp.reduce(K[:, c])))
    return A.tolist()
