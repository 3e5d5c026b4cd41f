# %% diagonal
"""gives the diagonal, and looks at entries on and off it apart"""
def M_for_equality(alpha, lw, lr, n):
    return [lr / alpha / lw] * n


def identical(alpha, lw, lr, M):
    M = np.array(M)
    c = lr / alpha / lw
    off = M - np.diag(np.diag(M))
    return np.allclose(np.diag(M) / c, 1, rtol=1e-9, atol=1e-9) and np.allclose(off / c, 0, atol=1e-9)


# %% on_unit_vectors
"""tries the two steps on every unit vector"""
def M_for_equality(alpha, lw, lr, n):
    M = torch.zeros(n, n, dtype=torch.float64)
    M.fill_diagonal_(lr / (lw * alpha))
    return M


def identical(alpha, lw, lr, M):
    for e in np.eye(len(M)):
        if np.linalg.norm(alpha * lw * (M @ e) - lr * e) > 1e-9 * lr:
            return 0
    return 1


# %% in_the_scale_of_the_decay
"""divides by what M has to be and compares with the identity"""
def identical(alpha, lw, lr, M):
    return np.bool_(np.isclose(np.asarray(M) * (alpha * lw / lr), np.eye(len(M)), rtol=0, atol=1e-9).all())
