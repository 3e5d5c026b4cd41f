# %% autograd_free_torch
"""torch tensors throughout; matrix_norm of order 2; the bound through logarithms"""
def jac_T(W, U, b, xs, h0, sigma, dsigma):
    W, U, b, xs, h = (torch.tensor(a, dtype=torch.float64) for a in (W, U, b, xs, h0))
    J = torch.eye(len(h0), dtype=torch.float64)
    for x in xs:
        J = W @ (torch.as_tensor(dsigma(h.numpy()))[:, None] * J)
        h = W @ torch.as_tensor(sigma(h.numpy())) + U @ x + b
    return J

def vanishing_bound(W, gamma, T):
    size = gamma * torch.linalg.matrix_norm(torch.tensor(W), ord=2)
    return torch.exp(T * torch.log(size)) if T else torch.tensor(1.0)


# %% eigenvalue_of_w_wt
"""the root of the largest eigenvalue of W W^T, the same as that of W^T W; run_h for the states"""
def step_jac(W, h_prev, dsigma):
    return W @ np.diag(dsigma(h_prev))

def jac_T(W, U, b, xs, h0, sigma, dsigma):
    if len(xs) == 0:
        return np.eye(len(h0))
    before = np.vstack([h0, np.asarray(run_h(W, U, b, xs, h0, sigma))[:-1]])
    J = np.eye(len(h0))
    for h in before[::-1]:
        J = J @ step_jac(W, h, dsigma)
    return J

def vanishing_bound(W, gamma, T):
    top = max(np.linalg.eigvalsh(W @ W.T)[-1], 0.0)
    return (gamma * gamma * top) ** (T / 2)


# %% recursion_in_lists
"""recursion over the inputs, nested lists as results"""
def step_jac(W, h_prev, dsigma):
    slopes = dsigma(np.asarray(h_prev))
    return [[w * s for w, s in zip(row, slopes, strict=True)] for row in W]

def jac_T(W, U, b, xs, h0, sigma, dsigma):
    if len(xs) == 0:
        return np.eye(len(h0)).tolist()
    later = jac_T(W, U, b, xs[1:], W @ sigma(h0) + U @ xs[0] + b, sigma, dsigma)
    return (np.array(later) @ np.array(step_jac(W, h0, dsigma))).tolist()

def vanishing_bound(W, gamma, T):
    return 1.0 if T == 0 else gamma * np.linalg.norm(W, 2) * vanishing_bound(W, gamma, T - 1)


# %% singular_values
"""the largest singular value by svd; einsum for the steps"""
def step_jac(W, h_prev, dsigma):
    return np.einsum("ij,j->ij", W, dsigma(h_prev))

def vanishing_bound(W, gamma, T):
    return np.prod([gamma * np.linalg.svd(W, compute_uv=False)[0]] * T)
