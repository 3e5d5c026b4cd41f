# %% shrinks_first
"""shrinks copies of the weights and makes Adam's step from there, which is the same since gradients are given"""
def adamw_step(params, grads, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    smaller = [p * (1 - lr * weight_decay) for p in params]
    return adam_step(smaller, grads, state, lr=lr, beta1=beta1, beta2=beta2, eps=eps)


# %% by_torch
"""torch's own optimiser makes the step"""
def adamw_step(params, grads, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    t, m, v = state if state is not None else (0, [p * 0 for p in params], [p * 0 for p in params])
    own = [p.clone().requires_grad_(True) for p in params]
    optimizer = torch.optim.AdamW(own, lr=lr, betas=(beta1, beta2), eps=eps, weight_decay=weight_decay)
    for p, g, a, b in zip(own, grads, m, v, strict=True):
        p.grad = g.clone()
        optimizer.state[p] = {"step": torch.tensor(float(t)), "exp_avg": a.clone(), "exp_avg_sq": b.clone()}
    optimizer.step()
    m, v = ([optimizer.state[p][key] for p in own] for key in ("exp_avg", "exp_avg_sq"))
    return [p.detach() for p in own], (t + 1, m, v)


# %% by_itself
"""without adam_step, all in one loop"""
def adamw_step(params, grads, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    t = 1 if state is None else state[0] + 1
    new, ms, vs = [], [], []
    for i, (p, g) in enumerate(zip(params, grads, strict=True)):
        m, v = (torch.zeros_like(p), torch.zeros_like(p)) if state is None else (state[1][i], state[2][i])
        ms.append(m + (1 - beta1) * (g - m))
        vs.append(v + (1 - beta2) * (g * g - v))
        step = ms[-1] / (1 - beta1**t) / (torch.sqrt(vs[-1] / (1 - beta2**t)) + eps)
        new.append(p - lr * (step + weight_decay * p))
    return new, (t, ms, vs)
