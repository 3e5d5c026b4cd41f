# %% shrinks_first
"""shrinks the weights first and makes the step then; a small letter"""
choice_4b = "d"


def adam_wd_step(theta, g, m, v, lr, alpha, b1, b2):
    new_m = np.add(b1 * m, (1 - b1) * g)
    new_v = np.add(b2 * v, (1 - b2) * np.square(g))
    return [(1 - lr) * theta - alpha * new_m / new_v**0.5, new_m, new_v]


# %% in_torch
"""computes with torch tensors"""
choice_4b = {"D"}


def adam_wd_step(theta, g, m, v, lr, alpha, b1, b2):
    theta, g, m, v = (torch.tensor(np.array(part)) for part in (theta, g, m, v))
    m, v = torch.lerp(g, m, b1), torch.lerp(g * g, v, b2)
    return theta - (alpha * m * v.rsqrt() + lr * theta), m, v


# %% two_halves
"""Adam's part and the decay are worked out apart and added"""
choice_4b = ["D"]


def adam_wd_step(theta, g, m, v, lr, alpha, b1, b2):
    m2 = m + (1 - b1) * (g - m)
    v2 = v + (1 - b2) * (g**2 - v)
    adam, decay = -alpha * m2 / np.sqrt(v2), -lr * np.array(theta)
    return theta + adam + decay, m2, v2


# %% three_rows
"""gives the three arrays as the rows of one"""
def adam_wd_step(theta, g, m, v, lr, alpha, b1, b2):
    m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2
    return np.stack([(1 - lr) * theta - alpha * m * v**-0.5, m, v])
