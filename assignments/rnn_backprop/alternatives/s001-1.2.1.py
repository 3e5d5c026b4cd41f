# %% autograd_jacobian
"""autograd differentiates the run; a zero-step run gives the identity"""
def jacobian(W, x1, n):
    def run(x):
        for _ in range(n - 1):
            x = torch.sigmoid(W @ x)
        return x.clone()

    return torch.autograd.functional.jacobian(run, x1)

def jacobian_bound(n, smax=0.25):
    return torch.tensor(smax * 0.25, dtype=torch.float64) ** (n - 1)


# %% chain_of_diagonals
"""collects the steps, then multiplies them from the left; slopes by sigmoid(z) sigmoid(-z)"""
def jacobian(W, x1, n):
    steps, x = [torch.eye(len(x1)).to(W)], x1
    for _ in range(n - 1):
        z = W @ x
        steps.append(torch.diag(torch.sigmoid(z) * torch.sigmoid(-z)) @ W)
        x = torch.sigmoid(z)
    J = steps[0]
    for step in steps[1:]:
        J = step @ J
    return J

def jacobian_bound(n, smax=0.25):
    bound = 1.0
    for _ in range(1, n):
        bound *= 0.25 * smax
    return bound

def tight_case(m):
    centred = np.eye(m) - np.full((m, m), 1 / m)
    return (0.25 * centred).tolist(), [3.0] * m


# %% jacrev
"""reverse-mode Jacobian of the run; other witnesses of the same kind"""
def jacobian(W, x1, n):
    def run(x):
        for _ in range(n - 1):
            x = (W @ x).sigmoid()
        return x

    return torch.func.jacrev(run)(x1)

def lemma_counterexample():
    return np.array([[0.1, 5.0, 0.0], [0.0, 0.1, 0.2], [0.0, 0.0, 0.1]])

def tight_case(m):
    direction = torch.zeros(m, dtype=torch.float64)
    direction[0], direction[1] = 0.5**0.5, -(0.5**0.5)
    return torch.outer(direction, direction) / 4, torch.ones(m, dtype=torch.float64)


# %% recursion_and_float32
"""recursion over the steps; witnesses in torch's default float32"""
def jacobian(W, x1, n):
    if n == 1:
        return torch.diag(torch.ones_like(x1))
    x2 = torch.sigmoid(torch.mv(W, x1))
    return jacobian(W, x2, n - 1) @ (W * (x2 - x2**2).unsqueeze(1))

def jacobian_bound(n, smax=0.25):
    return np.exp((n - 1) * (np.log(smax) - np.log(4)))

def lemma_counterexample():
    return torch.tensor([[1.0, 1.0], [0.0, 1.0]])

def tight_case(m):
    return (torch.eye(m) - torch.ones(m, m) / m) / 4, torch.zeros(m)
