# %% reduced
"""a fold over the tasks"""
def meta_train(phi, gradients, k, alpha, eps):
    return functools.reduce(lambda w, gradient: reptile_update(w, gradient, k, alpha, eps), gradients, phi)


# %% written_out
"""without the function before"""
def meta_train(phi, gradients, k, alpha, eps):
    w = np.array(phi, dtype=float)
    for gradient in gradients:
        inner = w.copy()
        for _ in range(k):
            inner = inner - alpha * np.asarray(gradient(inner))
        w += eps * (inner - w)
    return w


# %% as_a_tensor
"""a tensor comes back"""
def meta_train(phi, gradients, k, alpha, eps):
    for gradient in list(gradients):
        phi = (1 - eps) * phi + eps * reptile_update(phi, gradient, k, alpha, 1.0)
    return torch.tensor(phi)
