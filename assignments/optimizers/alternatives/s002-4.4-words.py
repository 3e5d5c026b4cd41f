# %% a_row_at_a_time
"""runs each row by itself, since rows do not hear of each other"""
def row_shrinkage(kind, theta, gradients, eps, strength, delta):
    lost = []
    for w in range(len(theta)):
        row, state = np.array(theta[w : w + 1]), None
        for t in range(len(gradients)):
            if kind == "penalty":
                row, state = adam_l2_step(row, gradients[t, w : w + 1], state, t + 1, eps, strength, delta)
            else:
                row, state = adam_decoupled_step(row, gradients[t, w : w + 1], state, t + 1, eps, strength, delta)
        lost.append(1 - math.sqrt(float((row**2).sum())) / math.sqrt(float((theta[w] ** 2).sum())))
    return lost


# %% by_sums_of_squares
"""lengths by sums of squares, in torch"""
def row_shrinkage(kind, theta, gradients, eps, strength, delta):
    now, state = theta, None
    for t, g in enumerate(gradients):
        now, state = {"penalty": adam_l2_step, "decay": adam_decoupled_step}[kind](now, g, state, t + 1, eps, strength, delta)
    squares = [torch.from_numpy(np.array(part)).square().sum(1) for part in (now, theta)]
    return (squares[1].sqrt() - squares[0].sqrt()) / squares[1].sqrt()


# %% whole_loop_here
"""the loop of both algorithms written here, without the steps above"""
def row_shrinkage(kind, theta, gradients, eps, strength, delta):
    x, s, r = np.array(theta), np.zeros(np.shape(theta)), np.zeros(np.shape(theta))
    gamma, lam = (strength, 0.0) if kind == "penalty" else (0.0, strength)
    for k in range(len(gradients)):
        g = gradients[k] + 2 * gamma * x
        s, r = 0.9 * s + 0.1 * g, 0.999 * r + 0.001 * g**2
        x = x - eps * s / (1 - 0.9 ** (k + 1)) / (np.sqrt(r / (1 - 0.999 ** (k + 1))) + delta) - lam * x
    return 1 - np.sqrt((x**2).sum(-1)) / np.sqrt((np.asarray(theta) ** 2).sum(-1))
