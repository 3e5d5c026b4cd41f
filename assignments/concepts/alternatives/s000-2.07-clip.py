# %% by_frexp
"""scales by a power of two first, and keeps short gradients as they are"""
def clip_by_norm(grads, most):
    flat = torch.cat([g.double().reshape(-1) for g in grads])
    top = float(flat.abs().max())
    unit = 2.0 ** math.frexp(top)[1] if top else 1.0
    norm = float(torch.linalg.vector_norm(flat / unit))
    if norm * unit <= most:
        return [g.clone() for g in grads]
    return [g / unit * (most / norm) for g in grads]


# %% by_hypot
"""math.hypot of all entries does not overflow"""
def clip_by_norm(grads, most):
    norm = math.hypot(*(entry for g in grads for entry in g.reshape(-1).tolist()))
    factor = most / norm if norm > most else 1.0
    return [factor * g for g in grads]


# %% as_a_tuple
"""numpy inside, a tuple outside"""
def clip_by_norm(grads, most):
    largest = max(float(np.abs(g.numpy()).max()) for g in grads) or 1.0
    norm = float(np.linalg.norm(np.concatenate([g.numpy().astype(np.float64).ravel() / largest for g in grads])))
    factor = 1.0 if norm * largest <= most else most / norm / largest
    return tuple(torch.from_numpy((g.numpy() * factor).astype(g.numpy().dtype)) for g in grads)
