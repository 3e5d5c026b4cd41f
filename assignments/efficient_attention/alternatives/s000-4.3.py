# %% scaled_columns
"""the singular values may go into the columns of U"""
def svd_attention(U, s, Vh, V, k):
    return (U[:, :k] * s[:k]) @ (Vh[:k] @ V)


def cost(n, k, h):
    return n * k * h


# %% multi_dot
"""multi_dot finds the cheap order by itself"""
def svd_attention(U, s, Vh, V, k):
    return torch.linalg.multi_dot([U[:, :k], torch.diag(s[:k]), Vh[:k], V])


def cost(n, k, h):
    return 2 * n * k * h + k * k * h + 5


# %% scaled_rows
"""or into the rows of Vh"""
def svd_attention(U, s, Vh, V, k):
    right = torch.einsum("r,rn,nh->rh", s[:k], Vh[:k], V)
    return torch.einsum("nr,rh->nh", U[:, :k], right)


def cost(n, k, h):
    return float(n) * k * h + n * k


# %% triple_by_triple
"""a sum of k outer products, each of a column and a row"""
def svd_attention(U, s, Vh, V, k):
    return sum(s[r] * torch.outer(U[:, r], Vh[r] @ V) for r in range(k))


def cost(n, k, h):
    return k * (n * h + n * h + h)
