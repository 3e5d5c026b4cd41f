# %% weighted_mean whole=true
"""the mean of both ends; the word in a set"""
answers["s003-7c"] = {"reptile"}


def stored_states(method, k):
    return {"maml": k + 1, "reptile": 1}[method]


def reptile_update(phi, grad, k, alpha, eps):
    far = np.array(phi, copy=True)
    for _ in range(k):
        far -= alpha * np.asarray(grad(far))
    return (1 - eps) * phi + eps * far


# %% sum_of_gradients whole=true
"""adds up the gradients on the way"""
answers["s003-7c"] = "Reptile"


def stored_states(method, k):
    return float(1 + k) if method == "maml" else 2.0


def reptile_update(phi, grad, k, alpha, eps):
    moved = np.zeros_like(phi)
    for _ in range(k):
        moved = moved + alpha * grad(phi - moved)
    return (phi - eps * moved).tolist()


# %% recursive whole=true
"""recursion; a tensor comes back"""
answers["s003-7c"] = ["REPTILE"]


def stored_states(method, k):
    return 2 if method == "reptile" else len(range(k + 1))


def reptile_update(phi, grad, k, alpha, eps):
    def after(w, left):
        return w if left == 0 else after(w - alpha * grad(w), left - 1)

    return torch.from_numpy(phi + eps * (after(phi, k) - phi))
