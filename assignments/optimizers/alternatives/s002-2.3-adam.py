# %% by_torch
"""torch's own optimiser makes the step where it can; the bare averages are done by hand"""
def adam_step(params, grads, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8, correct=True):
    t, m, v = state if state is not None else (0, [p * 0 for p in params], [p * 0 for p in params])
    own = [p.clone().requires_grad_(True) for p in params]
    optimizer = torch.optim.Adam(own, lr=lr, betas=(beta1, beta2), eps=eps)
    for p, g, a, b in zip(own, grads, m, v, strict=True):
        p.grad = g.clone()
        optimizer.state[p] = {"step": torch.tensor(float(t)), "exp_avg": a.clone(), "exp_avg_sq": b.clone()}
    optimizer.step()
    m, v = ([optimizer.state[p][key] for p in own] for key in ("exp_avg", "exp_avg_sq"))
    new = [p.detach() for p in own]
    if not correct:
        new = [p - lr * a / (b.sqrt() + eps) for p, a, b in zip(params, m, v, strict=True)]
    return new, (t + 1, m, v)


# %% scaled_rate
"""the correction as a factor on the learning rate and on epsilon, as Kingma and Ba write it for efficiency"""
def adam_step(params, grads, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8, correct=True):
    if state is None:
        state = [{"t": 0, "m": torch.zeros_like(p), "v": torch.zeros_like(p)} for p in params]
    new, kept = [], []
    for p, g, s in zip(params, grads, state, strict=True):
        t = s["t"] + 1
        m, v = torch.lerp(s["m"], g, 1 - beta1), s["v"] * beta2 + (1 - beta2) * g.square()
        root = math.sqrt(1 - beta2**t) if correct else 1.0
        rate = lr * root / (1 - beta1**t) if correct else lr
        new.append(p - rate * m / (v.sqrt() + eps * root))
        kept.append({"t": t, "m": m, "v": v})
    return tuple(new), kept


# %% powers_carried
"""carries the powers of the betas in the state in place of a count"""
def adam_step(params, grads, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8, correct=True):
    m, v, b1, b2 = state or (None, None, 1.0, 1.0)
    b1, b2 = b1 * beta1, b2 * beta2
    m = [(1 - beta1) * g if m is None else beta1 * m[i] + (1 - beta1) * g for i, g in enumerate(grads)]
    v = [(1 - beta2) * g**2 if v is None else beta2 * v[i] + (1 - beta2) * g**2 for i, g in enumerate(grads)]
    out = []
    for p, a, s in zip(params, m, v, strict=True):
        hat, square = (a / (1 - b1), s / (1 - b2)) if correct else (a, s)
        out.append(p.clone().addcdiv(hat, square.sqrt() + eps, value=-lr))
    return out, [m, v, b1, b2]
