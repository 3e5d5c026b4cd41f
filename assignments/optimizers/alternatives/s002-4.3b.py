# %% decay_last
"""the decay takes its share of what the gradient's part has left; the difference is lam times a step"""
choice_43b = "EQUAL"


def adam_decoupled_step(theta, g, state, t, eps, lam, delta):
    s, r = state if state is not None else (0 * theta, 0 * theta)
    s, r = 0.9 * s + 0.1 * g, 0.999 * r + 0.001 * g**2
    moved = theta - eps * s / (1 - 0.9**t) / (np.sqrt(r / (1 - 0.999**t)) + delta)
    return moved * (1 - lam), [s, r]


# %% by_torch
"""torch's AdamW, whose share is the product of learning rate and weight_decay"""
def adam_decoupled_step(theta, g, state, t, eps, lam, delta):
    p = torch.tensor(np.array(theta), requires_grad=True)
    optimizer = torch.optim.AdamW([p], lr=eps, eps=delta, weight_decay=lam / eps)
    m, v = state if state is not None else (torch.zeros_like(p), torch.zeros_like(p))
    optimizer.state[p] = {"step": torch.tensor(float(t - 1)), "exp_avg": m.clone(), "exp_avg_sq": v.clone()}
    p.grad = torch.tensor(np.array(g))
    optimizer.step()
    return p.detach(), (optimizer.state[p]["exp_avg"], optimizer.state[p]["exp_avg_sq"])


# %% by_the_penalised_step
"""Adam's step is the penalised one with a penalty of 0"""
def rate_wd(lam):
    return np.array([lam])


def adam_decoupled_step(theta, g, state, t, eps, lam, delta):
    moved, state = adam_l2_step(theta, g, state, t, eps, 0.0, delta)
    return moved - lam * theta, state
