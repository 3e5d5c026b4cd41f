# %% by_cosines
"""one minus the mean cosine between words, over that of the input"""
def attention_stack(X, layers, skip):
    states = (X,)
    for three in layers:
        states += (self_attention(states[-1], *three) + float(skip) * states[-1],)
    return states


def apart(X):
    U = X / X.norm(dim=1, keepdim=True)
    C = U @ U.T
    n = len(X)
    return max(0.0, float(1 - (C.sum() - n) / (n * n - n)))


def collapse_curve(L, skip, seed=0):
    drawn = np.random.default_rng(seed)
    X = torch.tensor(drawn.standard_normal((6, 12)))
    layers = [tuple(torch.tensor(drawn.standard_normal((12, 12)) / 12**0.5) for _ in range(3)) for _ in range(L)]
    found = np.array([apart(state) for state in attention_stack(X, layers, skip)])
    return found / found[0]


# %% by_singular_values
"""the second singular value over the first"""
def collapse_curve(L, skip, seed=0):
    torch.manual_seed(seed)
    X, found = torch.randn(10, 20, dtype=torch.float64), []
    for state in attention_stack(X, [tuple(torch.randn(3, 20, 20, dtype=torch.float64) / 20**0.5) for _ in range(L)], skip):
        s = torch.linalg.svdvals(state)
        found.append(s[1] / s[0])
    return torch.stack(found) / found[0]


# %% by_largest_difference
"""the largest difference from the mean word, over the largest number"""
def collapse_curve(L, skip, seed=0):
    g = torch.Generator().manual_seed(seed)

    def draw(*shape):
        return torch.randn(*shape, generator=g, dtype=torch.float64)

    states = attention_stack(draw(5, 9), [(draw(9, 9) / 3, draw(9, 9) / 3, draw(9, 9) / 3) for _ in range(L)], skip)
    left = [float((x - x.mean(0)).abs().max() / x.abs().max()) for x in states]
    return [a / left[0] for a in left]


# %% one_tensor
"""the states in one tensor (L + 1, n, d)"""
def attention_stack(X, layers, skip):
    states = [X]
    for Wq, Wk, Wv in layers:
        states.append(F.scaled_dot_product_attention(states[-1] @ Wq, states[-1] @ Wk, states[-1] @ Wv) + int(skip) * states[-1])
    return torch.stack(states)
