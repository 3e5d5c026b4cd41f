"""
item: s001-1.2.1
cell: s001-1_2_1
why: collects the steps, then multiplies them from the left; slopes by sigmoid(z) sigmoid(-z)
"""


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


def lemma_counterexample():
    return torch.tensor([[0.0, 0.25], [0.0, 0.0]])


def tight_case(m):
    centred = np.eye(m) - np.full((m, m), 1 / m)
    return (0.25 * centred).tolist(), [3.0] * m
