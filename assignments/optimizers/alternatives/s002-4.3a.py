# %% by_torch
"""torch's Adam with weight_decay = 2 gamma is this algorithm"""
choice_43a = "Small"


def adam_l2_step(theta, g, state, t, eps, gamma, delta):
    p = torch.tensor(np.array(theta), requires_grad=True)
    optimizer = torch.optim.Adam([p], lr=eps, eps=delta, weight_decay=2 * gamma)
    m, v = state if state is not None else (torch.zeros_like(p), torch.zeros_like(p))
    optimizer.state[p] = {"step": torch.tensor(float(t - 1)), "exp_avg": m.clone(), "exp_avg_sq": v.clone()}
    p.grad = torch.tensor(np.array(g))
    optimizer.step()
    return p.detach(), (optimizer.state[p]["exp_avg"], optimizer.state[p]["exp_avg_sq"])


# %% a_table
"""the state is a table of lists"""
def rate_l2(eps, gamma, rhat, delta):
    return eps * (gamma + gamma) / (np.asarray(rhat) ** 0.5 + delta)


def adam_l2_step(theta, g, state, t, eps, gamma, delta):
    old = state or {"s": np.zeros(np.shape(theta)).tolist(), "r": np.zeros(np.shape(theta)).tolist()}
    whole = np.add(g, 2 * gamma * np.asarray(theta))
    s = 0.9 * np.array(old["s"]) + (1 - 0.9) * whole
    r = 0.999 * np.array(old["r"]) + (1 - 0.999) * whole**2
    step = eps * s / (1 - 0.9**t) / (np.sqrt(r / (1 - 0.999**t)) + delta)
    return (theta - step).tolist(), {"s": s.tolist(), "r": r.tolist()}


# %% stacked
"""one array holds both averages"""
def adam_l2_step(theta, g, state, t, eps, gamma, delta):
    g = g + gamma * 2 * theta
    rho = np.array([0.9, 0.999]).reshape(2, *([1] * theta.ndim))
    both = (0 if state is None else rho * state) + (1 - rho) * np.stack([g, g**2])
    s, r = both / (1 - rho**t)
    return theta - eps * s / (r**0.5 + delta), both
